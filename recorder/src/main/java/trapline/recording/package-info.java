/**
 * The recording engine: a guest is built from a scenario, run in the machine, and what the machine tells becomes a journal.
 *
 * <p>{@link trapline.recording.GuestBuild} links or compiles the guest, {@link trapline.recording.Recording} runs it and
 * writes the journal, {@link trapline.recording.Recipe} is the text that regenerates it. Commands are in
 * {@code trapline.record}.
 */
@NullMarked
package trapline.recording;

import org.jspecify.annotations.NullMarked;
