package trapline.verdicts;

import trapline.checks.Verdict;
import trapline.cli.Severity;
import trapline.cli.Words;

/**
 * What became of a number of journals.
 *
 * @param worst the most serious of their verdicts
 * @param failed those with findings
 * @param unknown those of which something is unknown
 * @param unreadable those that could not be read
 * @param idle those in which nothing was exercised
 */
public record Tally(Severity worst, long failed, long unknown, long unreadable, long idle) {

    /** Of no journal. */
    public static final Tally NONE = new Tally(Severity.CLEAN, 0, 0, 0, 0);

    /**
     * Of one journal.
     *
     * @param allowIdle whether one in which nothing was exercised is clean
     */
    public static Tally of(JournalVerdicts verdicts, boolean allowIdle) {
        return new Tally(
                verdicts.severity(allowIdle),
                verdicts.count(Verdict.FAIL) > 0 ? 1 : 0,
                verdicts.severity(true) == Severity.UNKNOWN ? 1 : 0,
                verdicts.error().isEmpty() ? 0 : 1,
                verdicts.exercisedNothing() ? 1 : 0);
    }

    /** Of a journal that is not judged. */
    public static Tally unjudged() {
        return new Tally(Severity.UNREADABLE, 0, 0, 1, 0);
    }

    /** Of the journals of both. */
    public Tally plus(Tally other) {
        return new Tally(
                worst.worse(other.worst),
                failed + other.failed,
                unknown + other.unknown,
                unreadable + other.unreadable,
                idle + other.idle);
    }

    /** At least as serious as that. */
    public Tally atLeast(Severity severity) {
        return new Tally(worst.worse(severity), failed, unknown, unreadable, idle);
    }

    /**
     * One line.
     *
     * @param judged number of journals
     */
    public String sentence(long judged) {
        return Words.count(Math.max(0, judged), "journal", "journals") + " judged, " + failed + " with findings"
                + (idle > 0 ? ", " + idle + " in which nothing was exercised" : "")
                + (unknown > 0 ? ", " + unknown + " unknown" : "")
                + (unreadable > 0 ? ", " + unreadable + " unreadable" : "");
    }
}
