/**
 * How the events of a block become bytes and come back.
 *
 * <p>A block has two columns. Arithmetic EFLAGS writes stand in one ({@link trapline.codec.ArithmeticRuns} reads it); in
 * the other, {@link trapline.codec.OtherColumn}, each event is coded against what is expected of it: a context-modelled
 * predictor, {@link trapline.codec.Succession}, expects of an event what came the last time behind the same events.
 * {@link trapline.codec.EventEncoder} and {@link trapline.codec.EventDecoder} join the columns;
 * {@link trapline.codec.StateCodec} codes the state at a block's start.
 */
@NullMarked
package trapline.codec;

import org.jspecify.annotations.NullMarked;
