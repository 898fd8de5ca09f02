/**
 * Compares two runs by what they did, not by where their code lies: two handler flows on the same stimulus.
 *
 * <pre>
 * journal A ─► moments ─┐
 *                       ├─► alignment ─► divergences ─► explanation of the first
 * journal B ─► moments ─┘
 * </pre>
 *
 * A {@linkplain trapline.diff.Moments moment} is a trap, a return from one with all that changed under it, a user
 * handler's call, a complaint of the kernel. Runs are aligned CPU by CPU.
 */
@NullMarked
package trapline.diff;

import org.jspecify.annotations.NullMarked;
