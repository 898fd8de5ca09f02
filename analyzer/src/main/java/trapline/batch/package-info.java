/**
 * Many journals at once: finds them, judges them on several threads, writes the verdicts in the order of the walk in one
 * of several formats, and groups equal failures. Memory does not grow with the number of journals or their length.
 */
@NullMarked
package trapline.batch;

import org.jspecify.annotations.NullMarked;
