/**
 * Conformance of the machine: replays of {@code samples/conformance}, whose README describes tables and notation.
 *
 * <p>{@link trapline.samples.conformance.Box} is the machine in the state that every case starts from.
 */
@NullMarked
package trapline.samples.conformance;

import org.jspecify.annotations.NullMarked;
