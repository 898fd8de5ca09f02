package trapline.codec.passage;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import trapline.block.ByteInput;
import trapline.block.MalformedBlockException;
import trapline.codec.ArithmeticRuns;
import trapline.codec.EventEncoder;
import trapline.codec.OtherColumn;
import trapline.codec.Succession;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.HitDifference;
import trapline.events.EventFields.HitEnd;
import trapline.events.EventFields.Shown;
import trapline.events.EventFields.StackWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/**
 * Finds out that the other column of a block goes through a {@link Passage} again, from its bytes, without decoding them.
 *
 * <p>Between two comings of a point of rest with the same {@linkplain Succession#history history}, the events are noted:
 * their steps, and where {@link Succession} keeps what is expected then. As long as it expects the same (noise apart), the
 * bytes that say "all as expected" stand for the same events from the same state. Where other bytes come, one event is
 * looked at by itself: it must be of the same kind and steps, and differ from what is expected by noise alone.
 *
 * <pre>
 * content of a passage = CPU, control flags of each CPU, variables, event*
 * event                = kind | steps &lt;&lt; 8, eip, its fields; 0 for those that follow from the state, and for noise
 * </pre>
 */
final class Recurrence {

    /** Kinds that a passage can't have: those that move to another CPU, change code, or tell of a gap. */
    private static final Set<EventKind> OTHERS =
            EnumSet.of(EventKind.SWITCH, EventKind.INJECT, EventKind.TEXT_WRITE, EventKind.LOST);

    private static final long KINDS_MASK = Stream.of(EventKind.values())
            .filter(kind -> !kind.hasText() && !OTHERS.contains(kind))
            .mapToLong(kind -> 1L << kind.code())
            .sum();

    /** Of a passage. */
    private static final int EVENTS_MAX = 1 << 11;

    private static final int KIND_BITS = 8;
    private static final int CODE_MASK = ~EventEncoder.FORM_MASK & 0xff;
    private static final int MORE = 0x80;
    private static final int NONE = -1;

    private final Succession succession;
    private final Anchor[] anchors = new Anchor[1 << Succession.CONTEXT_BITS];
    private ByteInput in = ByteInput.EMPTY;
    private StreamState state;
    private Passages passages = new Passages();

    /** The number of the block; what anchors know of others is void. */
    private int block;

    /** How often something else has become expected in a place than before, noise apart. */
    private int changes;

    /** How often events have been passed over, so that the notes lack them. */
    private int gaps;

    // Notes of the block's events, but for those that were passed over.
    private int noted;
    private int[] contexts = new int[1 << 10];
    private int[] steps = new int[1 << 10];

    // What the last look at a passage has found, and where that ended.
    private final Noise noise = new Noise();
    private int behind;

    private long[] content = new long[1 << 10];
    private int contentLength;

    Recurrence(Succession succession, StreamState state) {
        this.succession = succession;
        this.state = state;
    }

    /** Begins a block. */
    void begin(ByteInput column, StreamState start, Passages known) {
        in = column;
        state = start;
        passages = known;
        block++;
        changes = 0;
        gaps = 0;
        noted = 0;
    }

    /** From here on something else is expected than before. */
    void change() {
        changes++;
    }

    /**
     * Notes an event, before {@link Succession#passed}.
     *
     * @param since steps since the event before it
     * @param run arithmetic writes before it
     * @param isNew whether nothing was expected in its place
     */
    void note(Event event, long since, int run, boolean isNew) {
        int context = succession.context(event.cpu());
        if ((KINDS_MASK >>> event.kind().code() & 1) == 0
                || since > Integer.MAX_VALUE
                || (!isNew && succession.runLength(context) != run)) {
            changes++;
        }
        if (noted == contexts.length) {
            contexts = Arrays.copyOf(contexts, noted * 2);
            steps = Arrays.copyOf(steps, noted * 2);
        }
        contexts[noted] = context;
        steps[noted++] = (int) since;
    }

    /** Whether a point of rest may be here. */
    boolean isBetween() {
        return isBetween(in.position);
    }

    /** Whether a point of rest may be at a place of the column: the next event is of another step than the last. */
    private boolean isBetween(int place) {
        byte[] bytes = in.bytes;
        int at = place;
        if (at < in.end && (bytes[at] & EventEncoder.FORM_MASK) == OtherColumn.FORM_RUN) {
            do {
                at++;
            } while (at < in.end && (bytes[at] & MORE) != 0);
            at++;
        }
        if (at + 1 >= in.end) {
            return false;
        }
        return switch (bytes[at] & EventEncoder.FORM_MASK) {
            case OtherColumn.FORM_GENERAL -> bytes[at + 1] != 0;
            case OtherColumn.FORM_RUN -> false;
            default -> (bytes[at] & CODE_MASK) != 0;
        };
    }

    /**
     * The stream rests here.
     *
     * @param events of the block so far, with the arithmetic ones
     * @return what is known of the place
     */
    Anchor rest(int cpu, int events) {
        int context = succession.context(cpu);
        Anchor anchor = anchors[context];
        if (anchor == null) {
            anchor = new Anchor(state);
            anchors[context] = anchor;
        }
        boolean isHere = anchor.block == block && anchor.history == succession.history(cpu) && anchor.isAt(state);
        if (!isHere) {
            anchor.block = block;
            anchor.history = succession.history(cpu);
            anchor.passage = null;
            anchor.keep(state);
        } else if (anchor.changes == changes && anchor.gaps == gaps && state.frameDepth(cpu) == 0) {
            close(anchor, cpu, events);
        }
        stay(anchor, events);
        return anchor;
    }

    private void stay(Anchor anchor, int events) {
        anchor.changes = changes;
        anchor.gaps = gaps;
        anchor.note = noted;
        anchor.eventsBefore = events;
    }

    /** The events since the last time at an anchor are a passage. */
    private void close(Anchor anchor, int cpu, int events) {
        anchor.passage = null;
        int count = noted - anchor.note;
        if (count > 0 && count <= EVENTS_MAX) {
            anchor.from = anchor.note;
            anchor.to = noted;
            anchor.events = events - anchor.eventsBefore;
            anchor.passageChanges = changes;
            describe(anchor, cpu);
            anchor.passage = passages.of(content, contentLength);
        }
    }

    private void describe(Anchor anchor, int cpu) {
        int words = 1 + anchor.stateNumbers() + anchor.others() * (2 + EventKind.FIELDS_MAX);
        if (content.length < words) {
            content = new long[words * 2];
        }
        content[0] = cpu;
        contentLength = anchor.describe(content, 1);
        anchor.steps = 0;
        anchor.frames = 0;
        anchor.flagsNote = NONE;
        anchor.expectNothing();
        for (int note = anchor.from; note < anchor.to; note++) {
            describe(anchor, note, view(note));
        }
    }

    private void describe(Anchor anchor, int note, Event view) {
        anchor.steps += steps[note];
        anchor.frames += view.kind() == EventKind.TRAP_ENTRY ? 1 : 0;
        if (writesRegister(view) || succession.runLength(contexts[note]) != 0) {
            anchor.flagsNote = note;
        }
        anchor.expect(note - anchor.from, steps[note]);
        content[contentLength++] = (long) steps[note] << KIND_BITS | view.kind().code();
        content[contentLength++] = view.ip();
        for (int field = 0; field < view.kind().fieldCount(); field++) {
            content[contentLength++] = value(view, field);
        }
    }

    private static boolean writesRegister(Event view) {
        return view.kind() == EventKind.EFLAGS_WRITE && view.value(EflagsWrite.CAUSE) != FlagCause.FRAME.code();
    }

    /** A field without what follows from the state before the event, and without noise. */
    private static long value(Event view, int field) {
        long value = view.value(field);
        return switch (view.kind()) {
            case TRAP_ENTRY ->
                switch (field) {
                    case TrapEntry.EFLAGS, TrapEntry.FRAME -> 0;
                    case TrapEntry.IP -> value - view.ip();
                    default -> value;
                };
            case TRAP_EXIT -> field == TrapExit.EFLAGS || field == TrapExit.FRAME ? 0 : value;
            case EFLAGS_WRITE ->
                switch (field) {
                    case EflagsWrite.OLD -> 0;
                    case EflagsWrite.NEW -> value & ~Eflags.STATUS;
                    case EflagsWrite.FRAME -> value == 0 ? 0 : 1;
                    default -> value;
                };
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH ->
                switch (field) {
                    case Variable.OLD -> 0;
                    case Variable.NEW -> value - view.value(Variable.OLD);
                    default -> value;
                };
            case SHOWN -> field == Shown.FRAME || field == Shown.EFLAGS ? told(view, Shown.FRAME, value) : value;
            case STACK_WRITE -> field == StackWrite.FRAME ? told(view, StackWrite.FRAME, value) : value;
            case HIT_END -> field == HitEnd.FRAME ? told(view, HitEnd.FRAME, value) : value;
            case HIT_DIFFERENCE -> field == HitDifference.FRAME ? told(view, HitDifference.FRAME, value) : value;
            case CALL_ENTRY -> (Noise.fields(view.kind()) >>> field & 1) != 0 ? 0 : value;
            default -> value;
        };
    }

    /** A field that follows from the frame that an event names, if it names any. */
    private static long told(Event view, int frame, long value) {
        return view.value(frame) == 0 ? value : 1;
    }

    private Event view(int note) {
        Event view = succession.view(contexts[note]);
        if (view == null) {
            throw new IllegalStateException("an event was noted, but nothing like it is expected");
        }
        return view;
    }

    /**
     * Whether the passage of an anchor, at which the stream is, comes again. Nothing is moved on yet.
     *
     * @param room events that the block still has
     */
    boolean comes(Anchor anchor, int room) {
        if (anchor.passage == null || anchor.passageChanges != changes || anchor.events > room) {
            return false;
        }
        int begin = in.position;
        noise.clear();
        boolean comes;
        try {
            comes = compare(anchor);
        } catch (MalformedBlockException e) {
            comes = false; // whoever reads the events will come to it, and tell of it
        }
        behind = in.position;
        in.position = begin;
        return comes && (behind == in.end || isBetween(behind));
    }

    private boolean compare(Anchor anchor) throws MalformedBlockException {
        byte[] expected = anchor.expected.bytes;
        int length = anchor.expected.length;
        int at = 0;
        while (at < length) {
            int end = Math.min(in.end, in.position + length - at);
            int same = Arrays.mismatch(expected, at, length, in.bytes, in.position, end);
            if (same < 0) {
                in.position = end;
                return true;
            }
            int event = anchor.eventOf[at + same];
            while (same > 0 && anchor.eventOf[at + same - 1] == event) {
                same--;
            }
            in.position += same;
            if (!differsByNoise(anchor.from + event)) {
                return false;
            }
            at += same;
            while (at < length && anchor.eventOf[at] == event) {
                at++;
            }
        }
        return true;
    }

    /** Whether the event here differs from one that was noted by noise alone. */
    private boolean differsByNoise(int note) throws MalformedBlockException {
        int context = contexts[note];
        int length = succession.runLength(context);
        int first = in.getByte();
        boolean run = (first & EventEncoder.FORM_MASK) == OtherColumn.FORM_RUN;
        if (run) {
            if (in.getVarint() + 1 != length || !noise.foundRun(context, first & CODE_MASK)) {
                return false;
            }
            first = in.getByte();
        }
        int low = first & CODE_MASK;
        return switch (first & EventEncoder.FORM_MASK) {
            case OtherColumn.FORM_EXPECTED -> !run && isAfter(note, low);
            case OtherColumn.FORM_EVENT_EXPECTED -> (run || length == 0) && isAfter(note, low);
            case OtherColumn.FORM_GENERAL -> (run || length == 0) && surpriseIsNoise(note, low);
            default -> false;
        };
    }

    private boolean isAfter(int note, int low) throws MalformedBlockException {
        return (low == OtherColumn.MORE_STEPS ? low + in.getVarint() : low) == steps[note];
    }

    private boolean surpriseIsNoise(int note, int code) throws MalformedBlockException {
        Event view = view(note);
        long since = in.getVarint();
        long mask = in.getVarint();
        if (view.kind().code() != code || since != steps[note] || !Noise.isOnlyIn(view.kind(), mask)) {
            return false;
        }
        for (int rest = (int) (mask >>> OtherColumn.MASK_FIELDS_SHIFT); rest != 0; rest &= rest - 1) {
            int field = Integer.numberOfTrailingZeros(rest);
            long before = noise.expected(contexts[note], field, view.value(field));
            long now = before + in.getSigned();
            if (!Noise.isBetween(view.kind(), before, now) || !noise.found(contexts[note], field, now)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Passes over the passage that {@link #comes}.
     *
     * @return EFLAGS behind it
     */
    int pass(Anchor anchor, int cpu) {
        noise.expectIn(succession);
        in.position = behind;
        succession.passFrames(anchor.frames);
        gaps++;
        stay(anchor, anchor.eventsBefore + anchor.events);
        return flagsBehind(anchor, state.eflags(cpu));
    }

    private int flagsBehind(Anchor anchor, int eflags) {
        if (anchor.flagsNote == NONE) {
            return eflags;
        }
        Event view = view(anchor.flagsNote);
        return writesRegister(view)
                ? view.intValue(EflagsWrite.NEW)
                : ArithmeticRuns.eflags(eflags, succession.runFlags(contexts[anchor.flagsNote]));
    }
}
