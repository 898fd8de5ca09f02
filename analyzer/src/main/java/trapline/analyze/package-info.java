/** The commands that need journals but no emulator, and the main class of {@code trapline-analyzer}. */
@NullMarked
package trapline.analyze;

import org.jspecify.annotations.NullMarked;
