package trapline.codec.passage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import trapline.block.ByteOutput;
import trapline.codec.OtherColumn;
import trapline.events.Eflags;
import trapline.events.StreamState;

/**
 * A point of rest with some history, and the {@link Passage} that leads from it back to it, if the stream has gone it in
 * this block. {@link Recurrence} keeps it.
 */
final class Anchor {

    /** Stands for what matters of a CPU on which a trap frame is open. */
    static final int OPEN = -1;

    /** Form and steps of an event that is as expected. */
    private static final int EXPECTED_BYTES_MAX = 6;

    int block;
    int history;

    // The last time that the stream was here: how much had changed and was passed over, and where it was.
    int changes;
    int gaps;
    int note;
    int eventsBefore;

    /** The state then. */
    private final long[] variables;

    private final int[] control;

    @Nullable Passage passage;

    /** What was expected when it was noted: {@link Recurrence#change}. */
    int passageChanges;

    /** Its notes, up to another. */
    int from;

    int to;

    /** Its events, with the arithmetic ones. */
    int events;

    /** Steps from the event before it to its last. */
    long steps;

    /** Its trap frames. */
    int frames;

    /** The note of its last event that, with the run before it, wrote the status flags; -1 if there is none. */
    int flagsNote;

    /** What its bytes are if all is as expected, and which event each of them is of. */
    ByteOutput expected = new ByteOutput(0);

    short[] eventOf = {};

    Anchor(StreamState state) {
        variables = new long[state.variables()];
        control = new int[state.cpus()];
    }

    /** The events of the passage that are in the other column. */
    int others() {
        return to - from;
    }

    /** Whether the stream's state here is what it was the last time, but for noise. */
    boolean isAt(StreamState state) {
        for (int cpu = 0; cpu < control.length; cpu++) {
            if (control[cpu] != control(state, cpu)) {
                return false;
            }
        }
        return state.hasVariables(variables);
    }

    void keep(StreamState state) {
        for (int cpu = 0; cpu < control.length; cpu++) {
            control[cpu] = control(state, cpu);
        }
        state.copyVariables(variables);
    }

    private static int control(StreamState state, int cpu) {
        return state.frameDepth(cpu) == 0 ? state.eflags(cpu) & ~Eflags.STATUS : OPEN;
    }

    /** How many numbers {@link #describe} tells. */
    int stateNumbers() {
        return control.length + variables.length;
    }

    /** Tells the state, from a place of an array on; returns the place behind it. */
    int describe(long[] to, int at) {
        int next = at;
        for (int flags : control) {
            to[next++] = flags;
        }
        System.arraycopy(variables, 0, to, next, variables.length);
        return next + variables.length;
    }

    /** Makes room for the bytes of the passage. */
    void expectNothing() {
        int bytes = others() * EXPECTED_BYTES_MAX;
        if (eventOf.length < bytes) {
            expected = new ByteOutput(bytes);
            eventOf = new short[bytes];
        }
        expected.length = 0;
    }

    /** Adds the bytes of an event of the passage, if it is as expected. */
    void expect(int event, int stepsBefore) {
        int begin = expected.length;
        OtherColumn.putExpected(expected, OtherColumn.FORM_EXPECTED, stepsBefore);
        Arrays.fill(eventOf, begin, expected.length, (short) event);
    }
}
