/**
 * An old and a new handler over many scenarios and at every instruction, and the answer to who posted the new one.
 *
 * <pre>
 *   {@link trapline.review.PatchText}  a patch, or the mail it came in ──► the C of the new handler
 *   {@link trapline.review.Side}       a handler, compiled once
 *      └─ {@link trapline.review.Review}   each scenario as it stands ──► {@link trapline.review.Row} ──► {@link trapline.review.Finding}
 *             └─ each without its schedule, a stimulus at every instruction ──► {@link trapline.review.WindowShift}
 *   {@link trapline.review.Report} ──► {@link trapline.review.ReplyMail}, {@link trapline.review.ReportPage}, JSON, SARIF, JUnit
 * </pre>
 *
 * <h2>What counts as a change</h2>
 *
 * A scenario is worse if a check fails that did not fail before, or the kernel complains, or does not come to its end, and
 * did before. A window is opened if a stimulus makes a check fail in a phase of a probe's life (last event that tells
 * something, kprobe_status, current_kprobe set or not, open traps) in which it did not fail with the old handler; where the
 * old handler has no such phase, in which it failed in none. Addresses and lines have no say in that, so a handler that is
 * only written or compiled differently changes nothing.
 */
@NullMarked
package trapline.review;

import org.jspecify.annotations.NullMarked;
