@NullMarked
package trapline.query;

import org.jspecify.annotations.NullMarked;
