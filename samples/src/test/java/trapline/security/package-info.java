/**
 * What a stranger's file may and may not do, a test for each line of {@code trapline man security}, with a generator of
 * inputs behind it where the line speaks of every input.
 */
@NullMarked
package trapline.security;

import org.jspecify.annotations.NullMarked;
