package trapline.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Checks;
import trapline.checks.Finding;
import trapline.events.EventKind;
import trapline.events.EventText;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.journal.BlockInfo;
import trapline.journal.Journal;
import trapline.latency.LatencyTable;
import trapline.replay.ReplayListener;

/**
 * Everything that the page says of one run.
 *
 * @param label {@code A} or {@code B} where there are two, else empty
 * @param journal the journal, open
 * @param results what the checks said
 * @param latencies histograms of its spans
 * @param data what the scripts need
 * @param text writes its events
 */
record Run(
        String label,
        Journal journal,
        List<CheckResult> results,
        LatencyTable latencies,
        RunData data,
        EventText text) {

    /**
     * Reads a journal: once for verdicts, latencies and overview, and the blocks that go into the page once more.
     *
     * @param charactersMax room for its events in the page
     */
    static Run of(Journal journal, String label, int charactersMax) throws IOException {
        List<Observed> observed = journal.header().observed();
        Overview overview = new Overview(
                steps(journal),
                observed.stream()
                        .filter(row -> row.kind() == ObservedKind.PROBE)
                        .map(Observed::address)
                        .toList());
        LatencyTable latencies = new LatencyTable();
        List<ReplayListener> listeners =
                new ArrayList<>(latencies.listeners(journal.header().textTables(), "", ""));
        listeners.add(overview);
        CheckRun checks = new CheckRun(journal.header().textTables(), Checks.all(), listeners);
        journal.read(checks);
        List<CheckResult> results = checks.results(journal.closed(), journal::read);
        List<RunData.Found> findings = findings(results, label);
        Windows windows = new Windows(journal, charactersMax);
        List<RunData.Window> chosen =
                windows.choose(findings.stream().map(RunData.Found::ordinal).toList());
        RunData data = new RunData(
                label,
                journal.header().cpus(),
                journal.events(),
                steps(journal),
                journal.header().clock(),
                Arrays.stream(EventKind.values()).map(Run::kind).toList(),
                observed.stream().map(Run::row).toList(),
                windows.dictionary().symbols(),
                windows.dictionary().packed(),
                overview.data(),
                chosen,
                findings);
        return new Run(
                label,
                journal,
                results,
                latencies,
                data,
                new EventText(journal.header().textTables()));
    }

    /** Steps of a run; of one that is not closed, as far as it is known. */
    private static long steps(Journal journal) {
        List<BlockInfo> blocks = journal.blocks();
        long known = blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).lastStep();
        return journal.footer().map(f -> Math.max(known, f.steps())).orElse(known);
    }

    private static RunData.Kind kind(EventKind kind) {
        return new RunData.Kind(
                kind.label(),
                kind.hasText(),
                kind.fields().stream().map(RunData.FieldData::of).toList());
    }

    private static RunData.Row row(Observed row) {
        return new RunData.Row(row.kind().label(), row.name(), Long.toHexString(row.address()), row.count());
    }

    private static List<RunData.Found> findings(List<CheckResult> results, String label) {
        List<RunData.Found> found = new ArrayList<>();
        for (CheckResult result : results) {
            for (Finding finding : result.findings()) {
                found.add(new RunData.Found(
                        String.format(Locale.ROOT, "finding-%s%d", label, found.size() + 1),
                        finding.check(),
                        finding.event().ordinal(),
                        finding.event().step(),
                        finding.event().cpu(),
                        finding.sentence(),
                        finding.causes().stream()
                                .map(cause -> new RunData.Because(cause.ordinal(), cause.role()))
                                .toList()));
            }
        }
        return found;
    }
}
