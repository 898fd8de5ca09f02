/** Rules about the code as a whole, as tests. */
@NullMarked
package trapline.quality;

import org.jspecify.annotations.NullMarked;
