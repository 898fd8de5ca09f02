/**
 * The i386 machine: an interpreter with N deterministic virtual CPUs.
 *
 * <p>{@link trapline.machine.Machine} puts the parts together, is driven by a {@link trapline.machine.Scheduler}, and can be
 * captured in a {@link trapline.machine.Snapshot}. The parts have rooms of their own, and each knows only those below it:
 *
 * <pre>
 *   machine   Machine, Scheduler, Snapshot
 *   i386      the processor: registers, paging, traps, instructions, decoded code
 *   device    what stands on the bus: local APIC, serial port, …
 *   tape      what is told of a run, and to whom
 *   bus       memory, ports, clock, interrupt lines, stops
 *   alu       arithmetic and flags
 * </pre>
 *
 * <p>The room knows nothing about kernel probes, journals or scenarios and depends on nothing but the JDK.
 *
 * <p>Time is counted in retired instructions (<i>steps</i>). No wall clock, no randomness and no thread takes part in a
 * run, so equal input gives equal runs.
 *
 * <h2>How it is proved</h2>
 *
 * <p>{@code samples/conformance} holds what real hardware does, as tables, and a corpus of trap cases; {@code MATRIX.md}
 * there is generated and counts, for every opcode form, every trap rule and every row of the instruction table, what was
 * compared with hardware and with QEMU. Its README lists the quirks: where hardware, QEMU or this machine goes its own way.
 *
 * <h2>Where the manual leaves a choice</h2>
 *
 * <p>Undefined flags and results are those of current AMD processors (family 1Ah), as measured:
 *
 * <ul>
 *   <li>AND, OR, XOR, TEST clear AF; shifts and double shifts by a count other than 0 set it.
 *   <li>OF after SHL, ROL, RCL, SHLD is MSB xor CF and after SHR, ROR, RCR, SHRD the xor of the two highest bits, for every
 *       count; after SAR it is 0.
 *   <li>SHLD and SHRD of 16 bits by more than 16 go on with the source operand and clear CF.
 *   <li>MUL and IMUL leave SF, ZF, AF and PF alone; DIV and IDIV set AF and clear PF, ZF and SF.
 *   <li>BSF and BSR clear all but ZF and PF, which is the parity of the result; with a source of 0 the destination stays.
 *   <li>AAA and AAS have the PF, ZF, SF and OF of the 16-bit addition or subtraction of 0x106, AAD the flags of its 8-bit
 *       addition; DAA and DAS set OF when AL changes its sign upwards or downwards.
 *   <li>BSWAP of 16 bits clears the word. PUSH of a segment register stores four bytes. LAR keeps bits 16–19.
 *   <li>Far RET and IRET to another level read SS and ESP before they check CS; far CALL and PUSHA leave what they stored
 *       below the stack pointer when a later store faults.
 * </ul>
 *
 * <h2>What is not there</h2>
 *
 * <p>The transcendental x87 instructions (the run ends and says so; other x87 is there), MMX and SSE (#UD, as CPUID says),
 * VME and VIF, SMM. A repeated string instruction is one step however long it takes; a stop request interrupts it. The devices
 * of a PC are there when asked for ({@link trapline.machine.PcPlan}).
 */
@NullMarked
package trapline.machine;

import org.jspecify.annotations.NullMarked;
