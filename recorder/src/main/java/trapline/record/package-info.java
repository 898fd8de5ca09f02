/** Recording, the commands that need the emulator, and the main class of {@code trapline}. */
@NullMarked
package trapline.record;

import org.jspecify.annotations.NullMarked;
