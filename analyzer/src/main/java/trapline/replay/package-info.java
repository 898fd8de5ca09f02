/**
 * Rebuilds state from events: trackers write it, checks and histograms read it.
 *
 * <pre>
 * events ─► {@link trapline.replay.Replay} ─► trackers ─► {@link trapline.replay.ReplayState}
 *                  │                                             │ read only
 *                  └───────────── event, moment ─────────► {@link trapline.replay.ReplayListener}
 * </pre>
 *
 * More than four of five events of a full recording are arithmetic EFLAGS writes. They move one int of the state and
 * go to nobody who has not asked for them.
 *
 * <p>{@link trapline.replay.SharedReplay} replays a long journal on several threads, in parts that each begin and end at
 * a {@link trapline.replay.RestPoint}. Between two such points a stream most often does what it has done before; {@link
 * trapline.replay.Repeats} replays such a {@link trapline.codec.passage.Passage} once, and counts how often it comes.
 */
@NullMarked
package trapline.replay;

import org.jspecify.annotations.NullMarked;
