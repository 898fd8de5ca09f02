/**
 * What connects the CPUs with the devices of a PC: port and memory access, interrupt lines, the clock, and the state of all
 * of it. A device knows these types and no CPU.
 *
 * <pre>
 *   CPU --in, out--> IoSpace ----+
 *   CPU --load, store--> ... ----+--> Device --set--> IrqLine --> interrupt controller --> CPU
 *                        AlarmClock --fire--^
 * </pre>
 */
@NullMarked
package trapline.machine.bus;

import org.jspecify.annotations.NullMarked;
