/** What every module's tests share: the leak check. */
@NullMarked
package trapline.quality;

import org.jspecify.annotations.NullMarked;
