/** End-to-end tests: the finished executables on the guests and scenarios of this module. */
@NullMarked
package trapline.samples;

import org.jspecify.annotations.NullMarked;
