package trapline.codec.passage;

import trapline.codec.OtherColumn;
import trapline.codec.Succession;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;

/**
 * What the events of one coming of a {@link Passage} may differ in from what is expected, and what was found of it while
 * the bytes of a coming were looked at.
 */
final class Noise {

    private static final int COUNT_MAX = 64;

    /** Among the fields: the flags that the run before an event leaves. */
    private static final int RUN = -1;

    private final int[] contexts = new int[COUNT_MAX];
    private final int[] fields = new int[COUNT_MAX];
    private final long[] values = new long[COUNT_MAX];
    private int count;

    /** The fields of a kind that may differ; EFLAGS, in the status flags alone. */
    static int fields(EventKind kind) {
        return switch (kind) {
            case CALL_ENTRY -> 1 << CallEntry.ARG1 | 1 << CallEntry.ARG2;
            case EFLAGS_WRITE -> 1 << EflagsWrite.NEW;
            default -> 0;
        };
    }

    /** Whether an event of the kind that was expected differs in nothing else than {@link #fields}. */
    static boolean isOnlyIn(EventKind kind, long mask) {
        return (mask & ~((long) fields(kind) << OtherColumn.MASK_FIELDS_SHIFT)) == 0;
    }

    /** Whether one of these fields differs by noise. */
    static boolean isBetween(EventKind kind, long before, long after) {
        return kind != EventKind.EFLAGS_WRITE || ((before ^ after) & ~Eflags.STATUS) == 0;
    }

    /**
     * Whether an event differs by nothing else from what was expected.
     *
     * @param mask what differs: see {@link OtherColumn}
     * @param flags the value that was expected in the place of an EFLAGS write's new flags
     */
    static boolean isAll(Event event, long mask, long flags) {
        return isOnlyIn(event.kind(), mask) && isBetween(event.kind(), flags, event.value(EflagsWrite.NEW));
    }

    void clear() {
        count = 0;
    }

    /**
     * What is expected of a field after what was found so far.
     *
     * @param context where {@link Succession} keeps what is expected
     * @param before what it expects of the field
     */
    long expected(int context, int field, long before) {
        long expected = before;
        for (int i = 0; i < count; i++) {
            if (contexts[i] == context && fields[i] == field) {
                expected = values[i];
            }
        }
        return expected;
    }

    /** Takes in a field that differs; false if there are too many of them. */
    boolean found(int context, int field, long value) {
        if (count == COUNT_MAX) {
            return false;
        }
        contexts[count] = context;
        fields[count] = field;
        values[count++] = value;
        return true;
    }

    /** Takes in the flags that a run leaves: see {@link Succession#run}. */
    boolean foundRun(int context, int six) {
        return found(context, RUN, six);
    }

    /** Lets what was found be expected from now on. */
    void expectIn(Succession succession) {
        for (int i = 0; i < count; i++) {
            Event view = succession.view(contexts[i]);
            if (fields[i] == RUN) {
                succession.runFlags(contexts[i], (int) values[i]);
            } else if (view != null) {
                view.set(fields[i], values[i]);
            }
        }
    }
}
