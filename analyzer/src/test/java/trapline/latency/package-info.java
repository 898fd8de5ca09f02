/** Tests of latencies. */
@NullMarked
package trapline.latency;

import org.jspecify.annotations.NullMarked;
