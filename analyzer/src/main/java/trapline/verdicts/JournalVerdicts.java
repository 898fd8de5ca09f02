package trapline.verdicts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.bundle.Bundle;
import trapline.checks.Check;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Verdict;
import trapline.cli.Severity;
import trapline.events.Visible;
import trapline.journal.Journal;
import trapline.replay.SharedReplay;
import trapline.text.EventTextTables;

/**
 * What the checks said about one journal.
 *
 * @param path where the journal is
 * @param title what it is, in one line
 * @param digest of its events; empty if it is not closed
 * @param events number of its events
 * @param tables names for its events
 * @param results one for each check, in the order of the checks
 * @param died whether the guest's kernel died, or had a BUG
 * @param misses a line for each probe that was missed, with the reasons
 * @param complaint what is wrong with the journal although it could be read; empty if it is whole
 * @param error why it could not be read; empty if it could, and then there are results
 */
public record JournalVerdicts(
        String path,
        String title,
        String digest,
        long events,
        EventTextTables tables,
        List<CheckResult> results,
        boolean died,
        List<String> misses,
        String complaint,
        String error) {

    /** Judges a journal on the calling thread alone. */
    public static JournalVerdicts of(Path path, Supplier<? extends List<? extends Check>> checks) throws IOException {
        return of(path, checks, 1);
    }

    /**
     * Judges a journal.
     *
     * @param path its directory
     * @param checks makes fresh checks
     * @param threads how many may read it, at least 1
     * @throws IOException if it cannot be read
     */
    public static JournalVerdicts of(Path path, Supplier<? extends List<? extends Check>> checks, int threads)
            throws IOException {
        try (Journal journal = Bundle.journal(path)) {
            return of(journal, checks, threads);
        }
    }

    /**
     * Judges a journal that is open.
     *
     * @param checks makes fresh checks
     * @param threads how many may read it, at least 1
     * @throws IOException if it cannot be read
     */
    public static JournalVerdicts of(Journal journal, Supplier<? extends List<? extends Check>> checks, int threads)
            throws IOException {
        EventTextTables tables = tables(journal.header());
        return of(journal, SharedReplay.read(journal, threads, () -> new CheckRun(tables, checks.get())));
    }

    /**
     * The verdicts of a run that has seen all events of a journal.
     *
     * @param journal the journal, read again only for the events that findings show
     * @param run the run, which this ends
     * @throws IOException if the journal cannot be read
     */
    public static JournalVerdicts of(Journal journal, CheckRun run) throws IOException {
        List<CheckResult> results = run.results(journal.incomplete(), journal::read);
        return new JournalVerdicts(
                Visible.line(journal.path().toString()),
                title(journal),
                journal.footer().map(JournalFooter::digest).orElse(""),
                journal.events(),
                tables(journal.header()),
                results,
                run.state().deathOrdinal() >= 0,
                Misses.of(journal, tables(journal.header()), run.state()),
                journal.complaint(),
                "");
    }

    /** The verdicts of a journal that could not be read. */
    public static JournalVerdicts unreadable(Path path, String error) {
        return new JournalVerdicts(
                Visible.line(path.toString()),
                "",
                "",
                0,
                EventTextTables.EMPTY,
                List.of(),
                false,
                List.of(),
                "",
                Visible.line(error));
    }

    /** The tables of a header. */
    public static EventTextTables tables(JournalHeader header) {
        return header.textTables();
    }

    /** One line that says what a journal is. */
    public static String title(Journal journal) {
        JournalHeader h = journal.header();
        List<String> parts = new ArrayList<>();
        parts.add(h.name().isEmpty() ? "unnamed" : h.name());
        if (!h.flow().isEmpty()) {
            parts.add("flow " + h.flow());
        }
        parts.add(h.cpus() == 1 ? "1 CPU" : h.cpus() + " CPUs");
        if (h.from() > 0) {
            parts.add("from step " + h.from());
        }
        parts.add(journal.events() == 1 ? "1 event" : journal.events() + " events");
        return String.join(", ", parts);
    }

    /** The same with source lines for the addresses, see {@link trapline.events.SymbolTable#withSources}. */
    public JournalVerdicts withSources(LongFunction<String> sources) {
        return new JournalVerdicts(
                path, title, digest, events, tables.withSources(sources), results, died, misses, complaint, error);
    }

    /** The same under another name, for a document that goes to others: a path may say more than it should. */
    public JournalVerdicts named(String name) {
        return new JournalVerdicts(name, title, digest, events, tables, results, died, misses, complaint, error);
    }

    /** Number of checks with that verdict. */
    public long count(Verdict verdict) {
        return results.stream().filter(r -> r.verdict() == verdict).count();
    }

    /** Whether no check found anything to judge: no evidence of anything, which must not look like a pass. */
    public boolean exercisedNothing() {
        return error.isEmpty() && count(Verdict.NOT_EXERCISED) == results.size();
    }

    /**
     * The most serious of its verdicts: a violation counts more than what is unknown besides it. Where nothing was exercised
     * nothing is known, nor where a kernel died as nobody expected and no check says why.
     */
    public Severity severity() {
        return severity(false);
    }

    /**
     * As above.
     *
     * @param allowIdle whether a journal in which nothing was exercised is clean
     */
    public Severity severity(boolean allowIdle) {
        if (!error.isEmpty()) {
            return Severity.UNREADABLE;
        }
        if (count(Verdict.FAIL) > 0) {
            return Severity.FAILED;
        }
        boolean unknown = count(Verdict.UNKNOWN) > 0 || (exercisedNothing() && !allowIdle) || diesUnjudged();
        return unknown ? Severity.UNKNOWN : Severity.CLEAN;
    }

    private boolean diesUnjudged() {
        return died && tables.expectedEnd().isEmpty();
    }
}
