/**
 * Monitors: checks that users write as automata in the DOT dialect of the kernel's Runtime Verification.
 */
@NullMarked
package trapline.checks.monitor;

import org.jspecify.annotations.NullMarked;
