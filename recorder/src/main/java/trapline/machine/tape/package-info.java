/**
 * What a run tells: the machine notes, somebody else makes events of it.
 *
 * <p>{@link trapline.machine.tape.Observer} exists only while a listener is attached. CPUs call it where something happens
 * that somebody may want to know of: a trap, a store to a marked dword, a call of an observed function, a write of EFLAGS
 * that is not an arithmetic one. It sees a CPU as an {@link trapline.machine.tape.ObservedCpu} and changes nothing, so that a
 * run with it ends in the same state as one without.
 *
 * <p>Arithmetic writes of EFLAGS, nine of ten events, are not told one by one: the executor stores the flags of each
 * instruction in a {@link trapline.machine.tape.FlagLog}, with one store, and which strips ran.
 */
@NullMarked
package trapline.machine.tape;

import org.jspecify.annotations.NullMarked;
