package trapline.replay;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import trapline.events.StreamState;

/**
 * A point of a stream at which no trap frame, declared call or probe hit is open on any CPU. The whole state there
 * follows from the {@link StreamState}, which a journal keeps at the start of each block, and from what is kept here, so
 * that a replay can begin there instead of at the first event.
 */
public final class RestPoint {

    private final TextState text;
    private final ProbeBooks books;
    private final long[] preemptCounts;
    private final long kernelBreakpoints;
    private final boolean lossy;
    private final boolean died;
    private final boolean bugged;
    private final long deathOrdinal;

    private RestPoint(ReplayState state, TextState text, ProbeBooks books) {
        this.text = text;
        this.books = books;
        preemptCounts = new long[state.cpus()];
        for (int i = 0; i < preemptCounts.length; i++) {
            preemptCounts[i] = state.cpu(i).preemptCount;
        }
        kernelBreakpoints = state.kernelBreakpoints;
        lossy = state.lossy;
        died = state.died;
        bugged = state.bugged;
        deathOrdinal = state.deathOrdinal;
    }

    /**
     * The point at which a replay stands, if it is one of rest.
     *
     * @param before the last one of the same stream, which most often knows the same text
     * @return the point, or null where something is open or unknown
     */
    public static @Nullable RestPoint of(ReplayState state, @Nullable RestPoint before) {
        for (int i = 0; i < state.cpus(); i++) {
            CpuState cpu = state.cpu(i);
            if (cpu.depth > 0 || cpu.calls > 0 || cpu.livesCount > 0 || !cpu.currentKnown || !cpu.livesKnown) {
                return null;
            }
        }
        boolean sameText = before != null && before.text.sameAs(state.text());
        boolean sameBooks = before != null && before.books.sameAs(state.books());
        return new RestPoint(
                state,
                sameText && before != null ? before.text : state.text().copy(),
                sameBooks && before != null ? before.books : state.books().copy());
    }

    /** Whether the whole state here is that of another point, the {@link StreamState} and what was counted apart. */
    boolean sameAs(RestPoint other) {
        return lossy == other.lossy
                && died == other.died
                && bugged == other.bugged
                && Arrays.equals(preemptCounts, other.preemptCounts)
                && text.sameAs(other.text)
                && books.sameAs(other.books);
    }

    /**
     * A state that a replay can go on from.
     *
     * @param guest of the stream
     * @param stream the stream's state at this point; becomes part of the result
     */
    public ReplayState state(Guest guest, StreamState stream) {
        ReplayState state = new ReplayState(guest, stream, text.copy(), books.copy());
        for (int i = 0; i < state.cpus(); i++) {
            CpuState cpu = state.cpu(i);
            cpu.current = guest.value(stream, Role.CURRENT, i);
            cpu.status = (int) guest.value(stream, Role.STATUS, i);
            cpu.oldEflags = guest.value(stream, Role.OLD_EFLAGS, i);
            cpu.savedEflags = guest.value(stream, Role.SAVED_EFLAGS, i);
            cpu.prevKprobe = guest.value(stream, Role.PREV_KPROBE, i);
            cpu.prevStatus = guest.value(stream, Role.PREV_STATUS, i);
            cpu.prevOldEflags = guest.value(stream, Role.PREV_OLD_EFLAGS, i);
            cpu.prevSavedEflags = guest.value(stream, Role.PREV_SAVED_EFLAGS, i);
            cpu.preemptCount = preemptCounts[i];
        }
        state.kernelBreakpoints = kernelBreakpoints;
        state.lossy = lossy;
        state.died = died;
        state.bugged = bugged;
        state.deathOrdinal = deathOrdinal;
        return state;
    }
}
