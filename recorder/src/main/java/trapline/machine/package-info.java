/**
 * The i386 machine: an interpreter with N deterministic virtual CPUs.
 *
 * <p>{@link trapline.machine.Machine} owns memory, CPUs and ports and is driven by a {@link trapline.machine.Scheduler};
 * what happens inside is told to one {@link trapline.machine.MachineListener}. The package knows nothing about kernel
 * probes, journals or scenarios and depends on nothing but the JDK.
 *
 * <p>Time is counted in retired instructions (<i>steps</i>). No wall clock, no randomness and no thread takes part in a
 * run, so equal input gives equal runs.
 */
@NullMarked
package trapline.machine;

import org.jspecify.annotations.NullMarked;
