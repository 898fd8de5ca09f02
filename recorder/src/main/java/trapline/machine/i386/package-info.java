/**
 * The processor: registers, segments, paging, traps, instructions.
 *
 * <pre>
 *   Executor ──► StripCache ──► StripBuilder ──► Decoder ──► InstructionTable ──► operations (Moves, Control, Strings, …)
 *      │             └──► Strip ──► Instruction                                       │
 *      └──► Traps ──► ProtectedEntry, Tasks                                           │
 *             └────────────────────► Cpu ◄────────────────────────────────────────────┘
 *                                     └──► Segments, Descriptors, DebugRegisters, Mmu ──► bus, alu
 * </pre>
 *
 * <p><b>The CPU is state.</b> {@link trapline.machine.i386.Cpu} holds registers and the four units that read memory for it;
 * of the machine it sees a {@link trapline.machine.bus.Bus}, of the run an {@link trapline.machine.tape.Observer}. It knows
 * neither how instructions are decoded nor who executes them nor how a trap is delivered: those are functions on it
 * ({@code Traps}, {@code Tasks}, {@code InterruptReturn}, {@code FarTransfer}, the operations), with their scratch kept in
 * it ({@code EntryFrame}, {@code TaskSwitch}), so that nothing is allocated on the way.
 *
 * <p><b>A strip</b> is straight-line code, decoded once and run many times. Strips belong to one CPU, are found by physical
 * address and chained to the two that followed last; {@code FetchContexts} numbers the circumstances under which a chain
 * holds. A store to a decoded dword kills the strips on it, whoever stores.
 *
 * <p><b>A boundary.</b> As long as {@code attention} is off, the executor runs strip after strip. When anything needs a look
 * (TF, a pending interrupt, a breakpoint, a stop), it goes one instruction at a time; {@code Executor.deliverPending}
 * numbers the priorities.
 *
 * <p>A new instruction is a row of {@link trapline.machine.i386.InstructionTable} and a method; a new unit of the processor
 * is a class of its own that the Cpu holds, if it has state, and otherwise does not know.
 */
@NullMarked
package trapline.machine.i386;

import org.jspecify.annotations.NullMarked;
