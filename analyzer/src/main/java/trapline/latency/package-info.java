/** Latencies: histograms of spans between events, in retired instructions of the span's CPU, and their text plots. */
@NullMarked
package trapline.latency;

import org.jspecify.annotations.NullMarked;
