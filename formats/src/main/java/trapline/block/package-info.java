/**
 * Blocks: what one excerpt of a journal holds, and where blocks come from and go to.
 *
 * <p>{@link trapline.block.BlockLayout} draws a block; {@link trapline.block.BlockInfo} is what its fixed part says. A
 * {@link trapline.block.BlockStore} delivers blocks, whatever they lie in (files of a Chronicle Queue, entries of a zip);
 * a {@link trapline.block.BlockSink} takes them. What is wrong with a block is a {@link trapline.block.Damage}. Nothing here
 * knows how events are coded.
 */
@NullMarked
package trapline.block;

import org.jspecify.annotations.NullMarked;
