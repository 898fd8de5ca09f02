package trapline.diff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.journal.Journal;
import trapline.journal.JournalCursor;

/** Two runs compared. */
public final class RunDiff {

    /** Moments of a stretch that are put into words. */
    private static final int MOMENTS_SHOWN = 6;

    /** Events shown on either side of the place where the paths part. */
    private static final int EVENTS_SHOWN = 8;

    private final Journal a;
    private final Journal b;
    private final Meanings meanings = new Meanings();
    private final List<Divergence> divergences = new ArrayList<>();
    private final Names namesA;
    private final Names namesB;
    private final Code codeA;
    private final Code codeB;
    private @Nullable Explanation explanationA;
    private @Nullable Explanation explanationB;

    private RunDiff(Journal a, Journal b, Code.Finder code) {
        this.a = a;
        this.b = b;
        codeA = code.of(a);
        codeB = code.of(b);
        namesA = new Names(a.header(), b.header());
        namesB = new Names(b.header(), a.header());
    }

    /**
     * Compares two runs.
     *
     * @param a one journal
     * @param b another
     * @param ignored kinds of events that do not count
     * @return what differs
     * @throws IOException if a journal cannot be read
     */
    public static RunDiff of(Journal a, Journal b, Set<EventKind> ignored) throws IOException {
        return of(a, b, ignored, journal -> Code.NONE);
    }

    /**
     * Compares two runs, and shows the code that made the difference.
     *
     * @param a one journal
     * @param b another
     * @param ignored kinds of events that do not count
     * @param code finds the code of a journal's guest
     * @return what differs
     * @throws IOException if a journal cannot be read
     */
    public static RunDiff of(Journal a, Journal b, Set<EventKind> ignored, Code.Finder code) throws IOException {
        RunDiff diff = new RunDiff(a, b, code);
        List<Moments> momentsA = diff.moments(a, diff.namesA, ignored);
        List<Moments> momentsB = diff.moments(b, diff.namesB, ignored);
        diff.compare(momentsA, momentsB);
        return diff;
    }

    private List<Moments> moments(Journal journal, Names names, Set<EventKind> ignored) throws IOException {
        MomentBuilder builder = new MomentBuilder(journal.header().cpus(), names, meanings, ignored);
        journal.read(builder);
        return builder.moments();
    }

    /** A divergence with the indices that made it. */
    private record Place(int cpu, Hunk hunk, long ordinalInA) {}

    private void compare(List<Moments> momentsA, List<Moments> momentsB) throws IOException {
        List<Place> places = new ArrayList<>();
        Moments none = new Moments();
        for (int cpu = 0; cpu < Math.max(momentsA.size(), momentsB.size()); cpu++) {
            Moments inA = cpu < momentsA.size() ? momentsA.get(cpu) : none;
            Moments inB = cpu < momentsB.size() ? momentsB.get(cpu) : none;
            for (Hunk hunk : Alignment.differences(inA, inB)) {
                places.add(new Place(cpu, hunk, firstOrdinal(inA, hunk.aFrom(), a)));
            }
        }
        // CPUs that are woken into nothing come later than what woke them: the first in A's time is the cause.
        places.sort(Comparator.comparingLong(Place::ordinalInA).thenComparingInt(Place::cpu));
        for (Place place : places) {
            Moments inA = place.cpu() < momentsA.size() ? momentsA.get(place.cpu()) : none;
            Moments inB = place.cpu() < momentsB.size() ? momentsB.get(place.cpu()) : none;
            Hunk hunk = place.hunk();
            divergences.add(new Divergence(
                    place.cpu(),
                    stretch(a, inA, hunk.aFrom(), hunk.aEnd()),
                    stretch(b, inB, hunk.bFrom(), hunk.bEnd())));
        }
        if (!places.isEmpty()) {
            Place first = places.get(0);
            explain(
                    first.cpu(),
                    first.cpu() < momentsA.size() ? momentsA.get(first.cpu()) : none,
                    first.cpu() < momentsB.size() ? momentsB.get(first.cpu()) : none,
                    first.hunk());
        }
    }

    /** Whether the first difference is no more than that events of one run are lost. */
    public boolean startsWithLoss() {
        return !divergences.isEmpty()
                && (startsWithLoss(divergences.get(0).a())
                        || startsWithLoss(divergences.get(0).b()));
    }

    private static boolean startsWithLoss(Divergence.Stretch stretch) {
        return !stretch.moments().isEmpty() && stretch.moments().get(0).startsWith(MomentBuilder.LOST);
    }

    private static long firstOrdinal(Moments moments, int index, Journal journal) {
        return index < moments.size() ? moments.ordinal(index) : journal.events();
    }

    private Divergence.Stretch stretch(Journal journal, Moments moments, int from, int end) throws IOException {
        List<String> words = new ArrayList<>();
        for (int i = from; i < Math.min(end, from + MOMENTS_SHOWN); i++) {
            words.add(meanings.text(moments.meaning(i)));
        }
        long ordinal = firstOrdinal(moments, from, journal);
        return new Divergence.Stretch(ordinal, stepOf(journal, ordinal), words, end - from);
    }

    private static long stepOf(Journal journal, long ordinal) throws IOException {
        JournalCursor cursor = journal.cursor();
        return cursor.seek(ordinal)
                ? cursor.event().step()
                : journal.footer().map(f -> f.steps()).orElse(0L);
    }

    private void explain(int cpu, Moments inA, Moments inB, Hunk hunk) throws IOException {
        Witness witnessA = witness(a, namesA, codeA, cpu, inA, hunk.aFrom());
        Witness witnessB = witness(b, namesB, codeB, cpu, inB, hunk.bFrom());
        int parting = 0;
        while (parting < witnessA.effects().size()
                && parting < witnessB.effects().size()
                && witnessA.effect(parting).equals(witnessB.effect(parting))) {
            parting++;
        }
        explanationA = explanation(witnessA, parting);
        explanationB = explanation(witnessB, parting);
    }

    private static Witness witness(Journal journal, Names names, Code code, int cpu, Moments moments, int index)
            throws IOException {
        Witness witness = new Witness(names, code, cpu);
        if (moments.size() > 0) {
            int at = Math.min(index, moments.size() - 1);
            witness.read(journal, moments.trapOrdinal(at), moments.ordinal(at));
        }
        return witness;
    }

    private static Explanation explanation(Witness witness, int parting) {
        List<Event> events = witness.seen().stream().map(Witness.Seen::event).toList();
        int at = witness.indexOfEffect(parting);
        return new Explanation(
                events.subList(Math.max(0, at - EVENTS_SHOWN), at),
                witness.decidedStep(at),
                witness.deciding(at),
                witness.branch(at),
                witness.branchAddress(at),
                events.subList(at, Math.min(events.size(), at + EVENTS_SHOWN)),
                events.size() > at + EVENTS_SHOWN ? events.get(events.size() - 1) : null,
                witness.outcome());
    }

    /** All stretches where the runs differ, in the order of run A. */
    public List<Divergence> divergences() {
        return List.copyOf(divergences);
    }

    /** Whether the runs do the same. */
    public boolean equal() {
        return divergences.isEmpty();
    }

    /** How run A came to the first divergence; null where the runs are equal. */
    public @Nullable Explanation explanationA() {
        return explanationA;
    }

    /** How run B came to the first divergence; null where the runs are equal. */
    public @Nullable Explanation explanationB() {
        return explanationB;
    }
}
