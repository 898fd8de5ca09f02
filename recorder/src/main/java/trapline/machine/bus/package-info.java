/**
 * What connects CPUs, memory and the devices of a PC: RAM and its marks, port access, interrupt lines, the clock, what stops
 * a run, and the state of all of it. Nobody here knows a CPU or a device of a certain kind.
 *
 * <pre>
 *   CPU --Bus--> PhysicalMemory (PageMarks: which dwords need a second look, and whose code to kill)
 *       |------> HiddenPages, Stops
 *       |--in, out--> IoSpace ---------> Device --set--> IrqLine --> interrupt controller --> CPU
 *       |--counts--> Clock, AlarmClock --fire--^
 * </pre>
 */
@NullMarked
package trapline.machine.bus;

import org.jspecify.annotations.NullMarked;
