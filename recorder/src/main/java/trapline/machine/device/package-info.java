/**
 * The devices of a PC, each one small class that knows the bus and nothing else of the machine. Their time is the machine's
 * {@link trapline.machine.bus.AlarmClock}; none asks the host for anything.
 */
@NullMarked
package trapline.machine.device;

import org.jspecify.annotations.NullMarked;
