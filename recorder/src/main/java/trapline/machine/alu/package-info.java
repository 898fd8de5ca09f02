/**
 * Arithmetic and flags: pure functions of ints. Whoever executes instructions hands in operands and EFLAGS and stores what
 * comes back; nothing in here knows a CPU, memory or a listener, and nothing is remembered.
 *
 * <p>A result and the EFLAGS that go with it come back packed in a long ({@link trapline.machine.alu.Shifts#pack}), so that
 * nothing is allocated. What the manual leaves undefined is as measured on current AMD processors; the page of {@code
 * trapline.machine} lists it.
 */
@NullMarked
package trapline.machine.alu;

import org.jspecify.annotations.NullMarked;
