/** Tests of the trackers' parts. */
@NullMarked
package trapline.replay;

import org.jspecify.annotations.NullMarked;
