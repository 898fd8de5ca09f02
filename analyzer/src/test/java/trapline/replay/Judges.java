package trapline.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import trapline.checks.Check;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.EventSource;
import trapline.checks.kprobes.Checks;
import trapline.checks.monitor.MonitorCheck;
import trapline.events.Event;
import trapline.latency.Grouping;
import trapline.latency.LatencyTable;
import trapline.latency.Unit;
import trapline.latency.UserSpan;
import trapline.text.EventTextTables;

/** All checks and histograms; their latencies can be asked for when the run has ended. */
final class Judges implements Supplier<CheckRun> {

    private final EventTextTables tables;
    private final List<MonitorCheck.Maker> monitors;
    private final LatencyTable latencies;

    Judges(EventTextTables tables, List<UserSpan> spans, List<MonitorCheck.Maker> monitors) {
        this.tables = tables;
        this.monitors = monitors;
        latencies = new LatencyTable(Unit.INSTRUCTIONS, Grouping.PROBE, spans);
    }

    /** What was said, and whether it was by several. */
    record Said(boolean shared, List<CheckResult> results, String latencies) {}

    @Override
    public CheckRun get() {
        List<Check> checks = new ArrayList<>(Checks.all());
        monitors.forEach(maker -> checks.add(maker.make()));
        return new CheckRun(tables, checks, latencies.listeners(tables, "", ""));
    }

    Said results(boolean shared, CheckRun run, List<Event> stream) throws IOException {
        return results(shared, run, consumer -> stream.forEach(consumer::accept));
    }

    Said results(boolean shared, CheckRun run, EventSource stream) throws IOException {
        List<CheckResult> results = run.results(true, stream);
        StringBuilder rows = new StringBuilder();
        latencies.rows().forEach((key, row) -> {
            rows.append(key.name())
                    .append(' ')
                    .append(row.interrupted())
                    .append(' ')
                    .append(row.unfinished());
            row.histogram()
                    .recordedValues()
                    .forEach(value -> rows.append(' ')
                            .append(value.getValueIteratedTo())
                            .append('x')
                            .append(value.getCountAtValueIteratedTo()));
            rows.append('\n');
        });
        return new Said(shared, results, rows.toString());
    }
}
