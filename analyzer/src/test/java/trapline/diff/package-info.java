/** Tests of the comparison of runs. */
@NullMarked
package trapline.diff;

import org.jspecify.annotations.NullMarked;
