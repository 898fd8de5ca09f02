package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import trapline.codec.passage.Passage;
import trapline.codec.passage.PassageConsumer;
import trapline.codec.passage.Passages;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;

/**
 * Takes passages as a whole, now and then, and knows from another reading what their events are: each must be what the
 * first coming of the same passage was, but for noise.
 */
public final class Passing implements PassageConsumer {

    /** A consumer that keeps every event but the arithmetic ones. */
    public static final class Plain implements StreamConsumer {

        public final List<Event> events = new ArrayList<>();

        @Override
        public boolean wantsArithmetic() {
            return false;
        }

        @Override
        public void accept(Event event) {
            events.add(event.copy().ordinal(event.ordinal()));
        }
    }

    /** Where the events of a passage are that came one by one. */
    private record Range(int from, int to) {}

    private final List<Event> plain;
    private final SplittableRandom random;
    private final Passages passages = new Passages();
    private final Map<Passage, Range> first = new HashMap<>();
    private int next;
    private int from;
    private @Nullable Passage coming;
    private int taken;

    public Passing(List<Event> plain, long seed) {
        this.plain = plain;
        this.random = new SplittableRandom(seed);
    }

    /** Passages that were taken as a whole. */
    public int taken() {
        return taken;
    }

    /** Passages that are known. */
    int known() {
        return first.size();
    }

    /** How many of the other reading's events were handed out, or passed over. */
    public int done() {
        return next;
    }

    @Override
    public boolean wantsArithmetic() {
        return false;
    }

    @Override
    public Passages passages() {
        return passages;
    }

    @Override
    public boolean rests() {
        return random.nextInt(8) != 0;
    }

    @Override
    public void accept(Event event) {
        Event expected = plain.get(next++);
        assertThat(event.ordinal()).as("%s", event).isEqualTo(expected.ordinal());
        assertThat(event).hasToString(expected.toString());
    }

    @Override
    public boolean again(Passage passage) {
        Range range = first.get(passage);
        if (range == null || random.nextInt(16) == 0) {
            coming = passage;
            from = next;
            return false;
        }
        Range now = new Range(next, next + range.to - range.from);
        assertThat(words(now)).isEqualTo(words(range));
        next = now.to;
        taken++;
        return true;
    }

    @Override
    public void passed(Passage passage) {
        assertThat(passage).isSameAs(coming);
        Range now = new Range(from, next);
        Range before = first.putIfAbsent(passage, now);
        if (before != null) {
            assertThat(words(now)).isEqualTo(words(before));
        }
    }

    /** What must be the same of all comings. */
    private String words(Range range) {
        StringBuilder words = new StringBuilder();
        Event before = range.from == 0 ? new Event() : plain.get(range.from - 1);
        long frames = 0;
        for (Event one : plain.subList(range.from, range.to)) {
            Event event = one.copy();
            EventKind kind = event.kind();
            if (kind == EventKind.TRAP_ENTRY) {
                frames = frames == 0 ? event.value(TrapEntry.FRAME) : frames;
                less(event, TrapEntry.FRAME, frames).set(TrapEntry.EFLAGS, control(event.value(TrapEntry.EFLAGS)));
            } else if (kind == EventKind.TRAP_EXIT) {
                less(event, TrapExit.FRAME, frames).set(TrapExit.EFLAGS, control(event.value(TrapExit.EFLAGS)));
            } else if (kind == EventKind.EFLAGS_WRITE) {
                less(event, EflagsWrite.FRAME, frames)
                        .set(EflagsWrite.OLD, control(event.value(EflagsWrite.OLD)))
                        .set(EflagsWrite.NEW, control(event.value(EflagsWrite.NEW)));
            } else if (kind == EventKind.CALL_ENTRY) {
                event.set(CallEntry.ARG1, 0).set(CallEntry.ARG2, 0);
            }
            event.again(event.step() - before.step(), event.cpu(), event.ip(), 0);
            words.append(event).append('\n');
        }
        return words.toString();
    }

    private static Event less(Event event, int field, long frames) {
        long id = event.value(field);
        return event.set(field, id == 0 ? 0 : id - frames + 1);
    }

    private static long control(long eflags) {
        return eflags & ~Eflags.STATUS;
    }
}
