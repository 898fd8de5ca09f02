package trapline.journal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.block.JournalFooter;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;

/** Keeps count of what was handed out and turns missing ordinals into {@code lost} events. Used for one read. */
final class LostEvents {

    private final EventConsumer consumer;
    private final Event lost = new Event();
    private long nextOrdinal;
    private long step;
    private final List<String> problems = new ArrayList<>();
    private String reason = "";

    LostEvents(EventConsumer consumer, long firstOrdinal, long step) {
        this.consumer = consumer;
        this.nextOrdinal = firstOrdinal;
        this.step = step;
    }

    /** Gives the reason for the gap that now begins, which was found by reading. */
    void because(String why) {
        reason = why;
        problems.add(why);
    }

    /** Gives the reason for the gap at the start, which is there on purpose. */
    void onPurpose(String why) {
        reason = why;
    }

    /** The reasons that were found by reading. */
    List<String> problems() {
        return problems;
    }

    /** All events of a block were handed out. */
    void passed(BlockInfo info) {
        nextOrdinal = info.endOrdinal();
        step = info.lastStep();
    }

    /** A block broke off behind some of its events. */
    void passed(int events, long lastStep) {
        nextOrdinal += events;
        step = Math.max(step, lastStep);
    }

    /**
     * Events from this ordinal on come next; says what is missing before them.
     *
     * @return whether something was
     */
    boolean before(long ordinal, long untilStep, String otherwise) {
        boolean missing = ordinal > nextOrdinal;
        if (missing) {
            emit(ordinal - nextOrdinal, untilStep, reason.isEmpty() ? otherwise : reason);
            nextOrdinal = ordinal;
        }
        reason = "";
        return missing;
    }

    /** The journal ends here. */
    void end(@Nullable JournalFooter footer, String otherwise) {
        if (footer == null) {
            emit(-1, -1, reason.isEmpty() ? "the journal is not closed" : reason);
        } else {
            before(footer.events(), footer.steps(), otherwise);
        }
    }

    private void emit(long count, long until, String why) {
        consumer.accept(lost.begin(EventKind.LOST, step, 0, 0)
                .set(Lost.COUNT, count)
                .set(Lost.UNTIL, until)
                .text(why)
                .ordinal(nextOrdinal));
    }
}
