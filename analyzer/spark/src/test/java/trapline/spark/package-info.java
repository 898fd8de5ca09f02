@NullMarked
package trapline.spark;

import org.jspecify.annotations.NullMarked;
