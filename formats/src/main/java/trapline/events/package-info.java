/**
 * The events of a run: their kinds and fields, one reused view of an event, and the state that a stream of events implies.
 *
 * <h2>Clock</h2>
 *
 * An event's {@code step} is the number of instructions that had retired, on all CPUs together, before the event
 * happened. The events that one instruction causes carry the count before it retires; a {@code #DB} after an instruction
 * carries the count after it. Several events can share a step: their order in the stream is the order in which they
 * happened, and their place in the stream is their {@code ordinal}. The same count for one CPU is its {@code icount}.
 *
 * <h2>Tables</h2>
 *
 * {@link trapline.events.EventKind} is the one table of kinds and fields. The block codec, the text form, JSON and CSV
 * all read it, so that a field is named and described once.
 */
@NullMarked
package trapline.events;

import org.jspecify.annotations.NullMarked;
