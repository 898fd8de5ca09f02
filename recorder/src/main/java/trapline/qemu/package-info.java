/**
 * A real kernel under QEMU, recorded while it runs.
 *
 * <pre>
 *            ┌─ -d int ─► FIFO ─┐
 *  QEMU ─────┤                  ├─► {@link trapline.qemu.LogSpool} (compressed log) ─► import ─► journal
 *            └─ gdbstub ────────┘
 *                 stores to watched variables, steps of a function
 * </pre>
 *
 * What the gdbstub shows is written into the log between the traps, while the machine stands still: so the order is true. The
 * log becomes a journal when the run is over, because only then is known which probes there were.
 */
@NullMarked
package trapline.qemu;

import org.jspecify.annotations.NullMarked;
