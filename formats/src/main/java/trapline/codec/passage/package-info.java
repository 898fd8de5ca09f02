/**
 * Passages: parts of a stream that come again (loop detection on the coded bytes).
 *
 * <pre>
 *    … A ─ passage ─ A ─ same bytes ─ A ─ same bytes, one noisy event ─ A …
 *      │             │                │
 *      first coming: event by event   taken as a whole: nothing but noise differs
 * </pre>
 *
 * <p>An {@link trapline.codec.passage.Anchor} is a quiescent point of the stream. What lies between two comings of one is
 * a {@link trapline.codec.passage.Passage}; {@link trapline.codec.passage.Recurrence} finds out from the bytes whether it
 * comes again, but for what {@link trapline.codec.passage.Noise} declares to be noise. All of it hangs on one
 * {@linkplain trapline.codec.DecoderHook hook} of the decoder, by which {@link trapline.codec.passage.PassageReader} follows
 * it: the decoder knows nothing of passages, and readers that do not ask for them never meet one.
 */
@NullMarked
package trapline.codec.passage;

import org.jspecify.annotations.NullMarked;
