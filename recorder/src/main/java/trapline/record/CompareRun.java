package trapline.record;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.cli.UserError;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.events.HaltReason;
import trapline.recording.Recording;
import trapline.scenario.Scenario;

/** Runs one cell of a matrix and judges it while it runs; nothing is written. */
final class CompareRun implements EventConsumer {

    private static final List<Verdict> WORST_FIRST =
            List.of(Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_EXERCISED);

    private final CheckRun checks;
    private final int[] kinds = new int[EventKind.values().length];
    private long events;

    private CompareRun(CheckRun checks) {
        this.checks = checks;
    }

    @Override
    public void accept(Event event) {
        events++;
        kinds[event.kind().code()]++;
        checks.accept(event);
    }

    private int count(EventKind kind) {
        return kinds[kind.code()];
    }

    /** Runs one scenario under one flow. A guest that cannot be linked is a cell too: its detail says why. */
    static CompareCell run(Scenario scenario, String flow, @Nullable Path journal, PrintStream err) {
        try {
            Recording recording = Runs.prepare(scenario, true, err);
            CompareRun run = new CompareRun(new CheckRun(recording.header().textTables(), Checks.all()));
            Recording.End end = journal == null
                    ? recording.observe(run)
                    : recording.run(journal, run).end();
            return run.cell(scenario.name(), flow, end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UserError e) {
            return new CompareCell(
                    scenario.name(), flow, "UNKNOWN", "no run", 0, 0, 0, 0, Map.of(), 0, 0, message(e.getMessage()));
        }
    }

    private static String message(@Nullable String message) {
        return message == null ? "" : message;
    }

    private CompareCell cell(String scenario, String flow, Recording.End end) throws IOException {
        boolean complete = end.reason() != HaltReason.INTERRUPTED;
        List<CheckResult> results = new ArrayList<>(checks.results(complete, nothing -> {}));
        Map<String, String> verdicts = new LinkedHashMap<>();
        int worst = WORST_FIRST.size() - 1;
        for (CheckResult result : results) {
            verdicts.put(result.info().id(), result.verdict().name());
            worst = Math.min(worst, WORST_FIRST.indexOf(result.verdict()));
        }
        return new CompareCell(
                scenario,
                flow,
                WORST_FIRST.get(worst).name(),
                outcome(end),
                end.exitCode(),
                count(EventKind.WARN),
                count(EventKind.BUG),
                count(EventKind.DIE),
                verdicts,
                events,
                end.steps(),
                end.detail());
    }

    private String outcome(Recording.End end) {
        if (count(EventKind.BUG) > 0) {
            return "bug";
        }
        if (count(EventKind.DIE) > 0) {
            return "die";
        }
        return switch (end.reason()) {
            case EXIT -> end.exitCode() == 0 ? "ok" : "exit " + end.exitCode();
            case HALTED -> "ok";
            default -> end.reason().label();
        };
    }
}
