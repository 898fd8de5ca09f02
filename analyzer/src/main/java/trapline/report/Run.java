package trapline.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import trapline.block.BlockInfo;
import trapline.block.JournalHeader;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Finding;
import trapline.checks.kprobes.Checks;
import trapline.diff.Code;
import trapline.events.EventKind;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.journal.Journal;
import trapline.latency.Grouping;
import trapline.latency.LatencyTable;
import trapline.latency.Unit;
import trapline.replay.ReplayListener;
import trapline.text.EventText;

/**
 * Everything that the page says of one run.
 *
 * @param label {@code A} or {@code B} where there are two, else empty
 * @param journal the journal, open
 * @param steps steps of the run; of one that is not closed, as far as they are known
 * @param results what the checks said
 * @param findings what they found, in the order of the page
 * @param latencies histograms of its spans
 * @param overview the run in a fixed number of stretches
 * @param text writes its events
 * @param code lists the guest's instructions
 */
record Run(
        String label,
        Journal journal,
        long steps,
        List<CheckResult> results,
        List<RunData.Found> findings,
        LatencyTable latencies,
        Overview overview,
        EventText text,
        CodeListing code) {

    /**
     * Reads a journal once: verdicts, latencies and overview.
     *
     * @param code the code of its guest
     */
    static Run of(Journal journal, String label, Code code) throws IOException {
        JournalHeader header = journal.header();
        long steps = steps(journal);
        Overview overview = new Overview(
                steps,
                header.observed().stream()
                        .filter(row -> row.kind() == ObservedKind.PROBE)
                        .map(Observed::address)
                        .toList());
        LatencyTable latencies = new LatencyTable(Unit.of(header.clock()), Grouping.NONE, List.of());
        List<ReplayListener> listeners = new ArrayList<>(latencies.listeners(header.textTables(), "", ""));
        listeners.add(overview);
        CheckRun checks = new CheckRun(header.textTables(), Checks.all(), listeners);
        journal.read(checks);
        List<CheckResult> results = checks.results(journal.incomplete(), journal::read);
        return new Run(
                label,
                journal,
                steps,
                results,
                findings(results, label),
                latencies,
                overview,
                new EventText(header.textTables().withSources(code::source)),
                new CodeListing(code, header.symbolTable()));
    }

    /**
     * What the scripts need; reads the blocks that go into the page once more.
     *
     * @param charactersMax room for its events in the page
     */
    RunData data(int charactersMax) throws IOException {
        Windows windows = new Windows(journal, charactersMax);
        List<RunData.Window> chosen =
                windows.choose(findings.stream().map(RunData.Found::ordinal).toList());
        return new RunData(
                label,
                journal.header().cpus(),
                journal.events(),
                steps,
                journal.header().clock(),
                Arrays.stream(EventKind.values()).map(Run::kind).toList(),
                journal.header().observed().stream().map(Run::row).toList(),
                windows.dictionary().symbols(),
                windows.dictionary().packed(),
                code.around(windows.dictionary().instructions()),
                overview.data(),
                overview.gaps(),
                chosen,
                findings);
    }

    /** Where a finding's event happened, with the source line if it is known. */
    String place(Finding finding) {
        return code.withSource(finding.place());
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
