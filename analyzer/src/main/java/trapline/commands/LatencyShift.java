package trapline.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import trapline.cli.ExitCode;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.latency.Comparison;
import trapline.latency.LatencyTable;
import trapline.latency.Measured;
import trapline.latency.Percentile;
import trapline.latency.SpanKey;
import trapline.latency.Threshold;

/** Two tables of latencies against each other. */
final class LatencyShift {

    private final ToolCommand command;
    private final LatencyTable before;
    private final LatencyTable after;
    private final List<Threshold> thresholds;

    LatencyShift(ToolCommand command, LatencyTable before, LatencyTable after, List<Threshold> thresholds) {
        this.command = command;
        this.before = before;
        this.after = after;
        this.thresholds = thresholds;
    }

    record Row(String span, String group, String percentile, long before, long after, long shift, boolean exceeded) {}

    record Document(String unit, List<Row> shifts, List<String> exceeded) {}

    /** Prints the shifts; a finding if a bound is exceeded. */
    ExitCode show(boolean json) {
        List<Comparison> comparisons = Comparison.of(before, after);
        List<String> exceeded = exceeded();
        if (json) {
            List<Row> rows = comparisons.stream()
                    .map(c -> new Row(
                            c.key().span(),
                            c.key().group(),
                            c.percentile().name(),
                            c.before(),
                            c.after(),
                            c.shift(),
                            thresholds.stream().anyMatch(t -> isAbout(t, c) && t.exceeded(c.before(), c.after()))))
                    .toList();
            command.printJson(1, new Document(before.unit().name(), rows, exceeded));
        } else {
            print(comparisons);
            exceeded.forEach(command.out()::println);
        }
        if (!exceeded.isEmpty()) {
            return ExitCode.FINDING;
        }
        return before.lossy() || after.lossy() ? ExitCode.LOSSY : ExitCode.CLEAN;
    }

    private void print(List<Comparison> comparisons) {
        int name = comparisons.stream()
                .mapToInt(c -> c.key().name().length() + 1)
                .max()
                .orElse(0);
        String form = "%-" + Math.max(22, name) + "s%7s%11s%11s%11s%9s";
        command.out().println(String.format(form, "span", "", "A", "B", "shift", "%"));
        for (Comparison c : comparisons) {
            boolean first = c.percentile().equals(Percentile.ALL.get(0));
            command.out()
                    .println(String.format(
                            form,
                            first ? c.key().name() : "",
                            c.percentile().name(),
                            c.before(),
                            c.after(),
                            c.shift() == 0 ? "0" : String.format(Locale.ROOT, "%+d", c.shift()),
                            c.shift() == 0 ? "" : String.format(Locale.ROOT, "%+.1f", c.shiftPercent())));
        }
        command.out().println("in " + before.unit().name());
    }

    private static boolean isAbout(Threshold threshold, Comparison comparison) {
        return threshold.span().equals(comparison.key().span())
                && threshold.percentile().equals(comparison.percentile());
    }

    private List<String> exceeded() {
        List<String> lines = new ArrayList<>();
        for (Threshold threshold : thresholds) {
            boolean judged = false;
            for (var entry : before.rows().entrySet()) {
                SpanKey key = entry.getKey();
                Measured other = after.rows().get(key);
                if (!key.span().equals(threshold.span())
                        || other == null
                        || entry.getValue().histogram().getTotalCount() == 0
                        || other.histogram().getTotalCount() == 0) {
                    continue;
                }
                judged = true;
                long valueBefore = threshold.percentile().in(entry.getValue().histogram());
                long valueAfter = threshold.percentile().in(other.histogram());
                if (threshold.exceeded(valueBefore, valueAfter)) {
                    lines.add(key.name() + "." + threshold.percentile().name() + " went from " + valueBefore + " to "
                            + valueAfter + " " + before.unit().symbol());
                }
            }
            if (!judged) {
                throw new UserError(
                        ExitCode.LOSSY,
                        "--fail-if: span '" + threshold.span()
                                + "' does not occur in both runs, so nothing was judged");
            }
        }
        return lines;
    }
}
