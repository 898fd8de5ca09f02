/** Tests of exports. */
@NullMarked
package trapline.export;

import org.jspecify.annotations.NullMarked;
