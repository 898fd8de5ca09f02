/**
 * Linux as a guest: its kernel files, the boot protocol, and what of it can be observed.
 */
@NullMarked
package trapline.linux;

import org.jspecify.annotations.NullMarked;
