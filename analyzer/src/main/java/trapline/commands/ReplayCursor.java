package trapline.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.events.Event;
import trapline.events.StreamConsumer;
import trapline.journal.Journal;
import trapline.journal.JournalCursor;
import trapline.replay.Guest;
import trapline.replay.Replay;
import trapline.replay.ReplayState;
import trapline.replay.RestPoint;
import trapline.replay.Timeline;

/**
 * A place in a journal and the state there. It replays on from where it stands, or from the start of the nearest block
 * before the target at which nothing is open: the block has the stream's state, and one pass over the journal, made when
 * it is first needed, finds those blocks.
 */
final class ReplayCursor {

    private final Journal journal;
    private final Guest guest;
    private final List<BlockInfo> blocks;
    private final Timeline timeline;
    private final int cpu;
    private final List<@Nullable RestPoint> restPoints = new ArrayList<>();
    private Replay replay;
    private long ordinal = -1;
    private @Nullable Event event;

    /**
     * Begins before the first event.
     *
     * @param cpu the CPU whose events count, or -1 for all
     */
    ReplayCursor(Opened opened, int cpu) {
        this.journal = opened.journal();
        this.guest = new Guest(opened.tables());
        this.blocks = journal.blocks();
        this.cpu = cpu;
        timeline = new Timeline(cpu);
        replay = new Replay(new ReplayState(guest), List.of());
    }

    /** Number of the event that it stands at; -1 before the first. */
    long ordinal() {
        return ordinal;
    }

    /** The event that it stands at; null before the first. */
    @Nullable Event event() {
        return event;
    }

    /** The state after that event. */
    ReplayState state() {
        return replay.state();
    }

    /** Where hits and traps are. */
    Timeline timeline() throws IOException {
        index();
        return timeline;
    }

    private void index() throws IOException {
        if (!restPoints.isEmpty()) {
            return;
        }
        Replay pass = new Replay(new ReplayState(guest), List.of(timeline));
        StreamConsumer withoutArithmetic = new BehindLoss(pass) {
            @Override
            public boolean wantsArithmetic() {
                return false;
            }
        };
        RestPoint last = null;
        for (int block = 0; block < blocks.size(); block++) {
            RestPoint here = RestPoint.of(pass.state(), last);
            restPoints.add(here);
            last = here == null ? last : here;
            journal.read(block, block + 1, withoutArithmetic);
        }
    }

    /** Moves to an event that is there. */
    void go(long target) throws IOException {
        int end = journal.blockOf(target) + 1;
        int first = ordinal < 0 ? 0 : journal.blockOf(ordinal + 1);
        long from = ordinal;
        if (target < ordinal || end - first > 2) {
            index();
            int rest = end - 1;
            while (rest > 0 && restPoints.get(rest) == null) {
                rest--;
            }
            RestPoint point = rest == 0 ? null : restPoints.get(rest);
            if (target < ordinal || rest > first) {
                first = rest;
                from = -1;
                replay = new Replay(
                        point == null ? new ReplayState(guest) : point.state(guest, journal.startState(rest)),
                        List.of());
            }
        }
        long behind = from;
        journal.read(first, end, new BehindLoss(replay) {
            @Override
            public boolean wantsArithmetic() {
                return true;
            }

            @Override
            public void accept(Event e) {
                if (e.ordinal() > behind && e.ordinal() <= target) {
                    super.accept(e);
                    if (e.ordinal() == target) {
                        event = e.copy();
                    }
                }
            }
        });
        ordinal = target;
    }

    /** The next event of the wanted kind on the CPU that counts, before or behind the present one; -1 if none. */
    long find(boolean forwards, Predicate<Event> wanted) throws IOException {
        JournalCursor cursor = journal.cursor();
        Predicate<Event> counts = e -> counts(e) && wanted.test(e);
        cursor.seek(forwards ? ordinal + 1 : ordinal);
        boolean found = forwards
                ? (cursor.isAtEvent() && counts.test(cursor.event())) || cursor.next(counts)
                : cursor.previous(counts);
        return found ? cursor.event().ordinal() : -1;
    }

    private boolean counts(Event e) {
        return cpu < 0 || e.cpu() == cpu;
    }

    /** The last event that counts at or before a step; -1 if there is none. */
    long atStep(long step) throws IOException {
        JournalCursor cursor = journal.cursor();
        cursor.seek(
                blocks.isEmpty()
                        ? 0
                        : blocks.get(Math.min(block(step), blocks.size() - 1)).endOrdinal());
        return cursor.previous(e -> e.step() <= step && counts(e))
                ? cursor.event().ordinal()
                : -1;
    }

    /** Index of the first block behind a step, or the number of blocks. */
    private int block(long step) {
        return journal.blockAt(step == Long.MAX_VALUE ? step : step + 1);
    }

    /** Replays the whole journal and stops by at each event of a range of steps that counts. */
    void walk(long fromStep, long toStep, Consumer<Event> visitor) throws IOException {
        int end = Math.min(block(toStep) + 1, blocks.size());
        journal.read(0, end, new BehindLoss(replay) {
            @Override
            public boolean wantsArithmetic() {
                return true;
            }

            @Override
            public void accept(Event e) {
                if (e.step() <= toStep) {
                    super.accept(e);
                    if (e.step() >= fromStep && counts(e)) {
                        visitor.accept(e);
                    }
                }
            }
        });
    }
}
