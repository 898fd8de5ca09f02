/** What every module's tests share: the leak check, and a program run inside the process of a test. */
@NullMarked
package trapline.quality;

import org.jspecify.annotations.NullMarked;
