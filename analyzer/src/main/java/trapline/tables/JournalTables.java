package trapline.tables;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trapline.bundle.Bundle;
import trapline.checks.Check;
import trapline.cli.Reason;
import trapline.events.Visible;
import trapline.journal.Journal;
import trapline.latency.SpanTrace;
import trapline.replay.Replay;
import trapline.replay.ReplayListener;
import trapline.text.EventTextTables;
import trapline.verdicts.JournalVerdicts;

/** Turns journals into rows. It passes over a journal once for each of: verdicts, what a replay knows, the events. */
public final class JournalTables {

    private final Supplier<? extends List<? extends Check>> checks;
    private final Map<Table, ? extends Rows> wanted;
    private long lacking;

    /**
     * Prepares it.
     *
     * @param checks makes fresh checks for each journal
     * @param wanted who takes the rows of which table; tables that are not in it cost nothing
     */
    public JournalTables(Supplier<? extends List<? extends Check>> checks, Map<Table, ? extends Rows> wanted) {
        this.checks = checks;
        this.wanted = wanted;
    }

    /**
     * Writes the rows of one journal or bundle. One that cannot be read has a row in {@link Table#RUNS} that says so, and
     * no other.
     *
     * @param path where it is
     * @return what the checks said, if they were asked; else null
     */
    public @Nullable JournalVerdicts write(Path path) {
        String run = Visible.line(path.toString());
        try (Journal journal = Bundle.journal(path)) {
            JournalVerdicts verdicts = judge(journal);
            replay(run, journal);
            Rows events = wanted.get(Table.EVENTS);
            if (events != null) {
                journal.read(new EventRows(run, journal.header().textTables(), events));
            }
            Rows runs = wanted.get(Table.RUNS);
            if (runs != null) {
                RunRows.write(run, journal, runs);
            }
            lacking += journal.lacksEvents() ? 1 : 0;
            return verdicts;
        } catch (IOException e) {
            String failure = Visible.line(Reason.of(e));
            Rows runs = wanted.get(Table.RUNS);
            if (runs != null) {
                RunRows.unreadable(run, failure, runs);
            }
            return JournalVerdicts.unreadable(path, failure);
        }
    }

    /** Number of journals so far that could be read, and lack events. */
    public long lacking() {
        return lacking;
    }

    private @Nullable JournalVerdicts judge(Journal journal) throws IOException {
        Rows ofVerdicts = wanted.get(Table.VERDICTS);
        Rows ofFindings = wanted.get(Table.FINDINGS);
        if (ofVerdicts == null && ofFindings == null) {
            return null;
        }
        JournalVerdicts verdicts = JournalVerdicts.of(journal, checks, 1);
        if (ofVerdicts != null) {
            VerdictRows.verdicts(verdicts, ofVerdicts);
        }
        if (ofFindings != null) {
            VerdictRows.findings(verdicts, ofFindings);
        }
        return verdicts;
    }

    private void replay(String run, Journal journal) throws IOException {
        List<ReplayListener> listeners = new ArrayList<>();
        Rows hits = wanted.get(Table.HITS);
        Rows traps = wanted.get(Table.TRAPS);
        Rows spans = wanted.get(Table.SPANS);
        if (hits != null) {
            listeners.add(new HitRows(run, hits));
        }
        if (traps != null) {
            listeners.add(new TrapRows(run, traps));
        }
        if (spans != null) {
            listeners.add(new SpanTrace(new SpanRows(run, spans)));
        }
        if (!listeners.isEmpty()) {
            EventTextTables tables = journal.header().textTables();
            Replay replay = new Replay(tables, listeners);
            journal.read(replay);
            replay.end();
        }
    }
}
