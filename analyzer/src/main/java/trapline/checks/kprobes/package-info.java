/**
 * The claims about kprobes, one class each: a shelf of equal siblings. {@link trapline.checks.kprobes.Checks} lists them;
 * {@code CHECKS.md} is generated from what they say of themselves.
 */
@NullMarked
package trapline.checks.kprobes;

import org.jspecify.annotations.NullMarked;
