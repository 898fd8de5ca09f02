/**
 * Correct workloads drawn from a seed, that no check may accuse: what the hand-written ones do not think of.
 */
@NullMarked
package trapline.samples.generated;

import org.jspecify.annotations.NullMarked;
