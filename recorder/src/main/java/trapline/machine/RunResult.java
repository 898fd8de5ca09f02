package trapline.machine;

import trapline.machine.bus.EndReason;

/**
 * How a run, or a part of it, ended.
 *
 * @param reason why it ended
 * @param step instructions retired by all CPUs since the machine was made
 * @param cpu the CPU that ran last
 * @param eip EIP of that CPU: the next instruction, or the one that could not be executed
 * @param exitCode the guest's exit code for {@link EndReason#EXIT}, else 0
 * @param detail one line for people, may be empty
 */
public record RunResult(EndReason reason, long step, int cpu, int eip, int exitCode, String detail) {}
