/** Tests of the journal. */
@NullMarked
package trapline.journal;

import org.jspecify.annotations.NullMarked;
