/**
 * Latencies: histograms of spans between events, and their text plots. Values are retired instructions of the span's CPU,
 * or nanoseconds where the source of a journal has that clock ({@link trapline.latency.Unit}).
 */
@NullMarked
package trapline.latency;

import org.jspecify.annotations.NullMarked;
