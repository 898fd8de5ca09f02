/**
 * Asks a handler at every moment: the same run again and again, each time with something else done to it, from states that
 * are captured where the runs part.
 *
 * <pre>
 *   {@link trapline.explore.Session}  a run, its checks, and the way back: save, restore, finish ──► {@link trapline.explore.Outcome}
 *      ├─ {@link trapline.explore.Sweep}     one {@link trapline.explore.Stimulus} at every instruction of a handler  ──► windows on its C source
 *      └─ {@link trapline.explore.Search}    every schedule with at most K preemptions   ──► findings, or a bounded proof
 * </pre>
 *
 * <h2>What is run</h2>
 *
 * The scenario without its own schedule and injections, under {@code until-waiting}: a CPU runs until it halts or waits
 * (executes {@code PAUSE}), and leaving it there costs no preemption. The CPUs that the guest starts are held where their
 * part of the workload begins, so that it is still to come when the stimulus is: each hold is a preemption, and is counted.
 *
 * <h2>Why leaving out preemptions loses nothing</h2>
 *
 * Instructions of two CPUs commute if neither touches memory that the other touches, and neither is one of: a trap or its
 * return, a change of IF, I/O, HLT, PAUSE, an access with LOCK. A preemption before an instruction that commutes with all
 * that the other CPU does gives a run that is equivalent to one with the preemption right behind it; so only those before an
 * instruction that does not commute are tried. Memory that two CPUs touch is found, not assumed: the dwords that each CPU
 * has touched in any run so far, grown until no run adds one. Accesses relative to ESP are taken for the CPU's own stack.
 * A switch turns the reduction off; a test compares the two.
 */
@NullMarked
package trapline.explore;

import org.jspecify.annotations.NullMarked;
