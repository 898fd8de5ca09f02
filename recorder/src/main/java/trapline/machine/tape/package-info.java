/**
 * What a run tells: the machine writes it down, somebody else makes events of it.
 *
 * <pre>
 *   CPUs ──► Observer ──► Tape ──► TapeReader ──► MachineListener.happened   (a row at once)
 *   Executor ──flags──►   Tape ──► MachineListener.tape                      (many, when it is full)
 * </pre>
 *
 * <p>{@link trapline.machine.tape.Observer} exists only while a listener is attached. CPUs call it where something happens
 * that somebody may want to know of: a trap, a store to a marked dword, a call of an observed function, a write of EFLAGS
 * that is not an arithmetic one. It sees a CPU as an {@link trapline.machine.tape.ObservedCpu} and changes nothing, so that a
 * run with it ends in the same state as one without. A {@link trapline.machine.tape.Follower} may be told besides, in the
 * midst of an instruction.
 *
 * <p>What is written down is a {@link trapline.machine.tape.TapeRow} of ints; the table there is all there is to say about
 * it. Arithmetic writes of EFLAGS, nine of ten events, are no rows: the executor stores the flags of each instruction on the
 * {@link trapline.machine.tape.Tape}, with one store, and which strips ran.
 *
 * <h2>Where a new kind of event has to be named</h2>
 *
 * <ol>
 *   <li>{@code TapeRow}: a row, with the names of its columns.
 *   <li>Where it happens: a method of {@code Observer} that writes the row.
 *   <li>{@code EventKind}: a kind of the same name whose fields have the names of columns. {@code TapeEvents} finds both by
 *       name and what becomes of an int by the type of the field.
 *   <li>{@code EventFields}: the indices of its fields, for code that asks for them.
 *   <li>{@code EventText} and its mirror {@code EventTextParser}: the line that people read.
 * </ol>
 *
 * <p>JSON, CSV, Parquet and the stored form of an event come from the table of kinds; a check that needs the new
 * one names it. Something that a listener finds out by itself, and no CPU, is no row: it is appended to the tape as it is
 * ({@code Machine.append}).
 */
@NullMarked
package trapline.machine.tape;

import org.jspecify.annotations.NullMarked;
