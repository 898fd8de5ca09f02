package trapline.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;
import trapline.latency.Measured;
import trapline.latency.Percentile;
import trapline.latency.SpanKey;
import trapline.latency.Unit;

/** The latencies of one or two runs: a table, percentile curves, and the distribution of each span. */
final class LatencySection {

    private final List<Run> runs;
    private final Unit unit;
    private final Set<SpanKey> spans = new LinkedHashSet<>();

    /**
     * A section.
     *
     * @param runs at least one, of one unit
     */
    LatencySection(List<Run> runs) {
        this.runs = runs;
        this.unit = runs.get(0).latencies().unit();
        runs.forEach(run -> spans.addAll(run.latencies().rows().keySet()));
    }

    String html() {
        if (spans.isEmpty()) {
            return "<p>No trap returned and no probe was hit: there is nothing to measure.</p>";
        }
        return "<p>In " + Html.escape(unit.name()) + " of the CPU the span ran on"
                + (unit.equals(Unit.INSTRUCTIONS) ? ": the same run gives the same numbers" : "") + ".</p>"
                + "<div class=\"scroll\" role=\"region\" aria-label=\"Table of latencies\" tabindex=\"0\">" + table()
                + "</div>"
                + curves() + distributions();
    }

    private String table() {
        StringBuilder out = new StringBuilder("<table class=\"latencies\"><caption>Latencies in "
                + Html.escape(unit.name()) + "</caption><thead><tr><th scope=\"col\">Span</th>");
        out.append(runs.size() > 1 ? "<th scope=\"col\">Run</th>" : "");
        head(out, "Count");
        Percentile.ALL.forEach(percentile -> head(out, percentile.name()));
        head(out, "Interrupted");
        head(out, "Unfinished");
        out.append("</tr></thead><tbody>");
        for (SpanKey span : spans) {
            for (Run run : runs) {
                Measured measured = run.latencies().rows().get(span);
                if (measured != null) {
                    row(out, span, run, measured);
                }
            }
        }
        return out.append("</tbody></table>").toString();
    }

    private static void head(StringBuilder out, String column) {
        out.append("<th scope=\"col\" class=\"number\">" + column + "</th>");
    }

    private void row(StringBuilder out, SpanKey span, Run run, Measured measured) {
        Histogram h = measured.histogram();
        out.append("<tr><th scope=\"row\">" + span.span() + "<span class=\"dim\">" + Html.escape(span.description())
                + "</span></th>");
        out.append(runs.size() > 1 ? "<td>" + run.label() + "</td>" : "");
        number(out, Html.count(h.getTotalCount()));
        for (Percentile percentile : Percentile.ALL) {
            number(out, h.getTotalCount() == 0 ? "–" : Html.count(percentile.in(h)));
        }
        number(out, measured.interrupted() == 0 ? "" : Html.count(measured.interrupted()));
        number(out, measured.unfinished() == 0 ? "" : Html.count(measured.unfinished()));
        out.append("</tr>");
    }

    private static void number(StringBuilder out, String cell) {
        out.append("<td class=\"number\">" + cell + "</td>");
    }

    private static List<LatencyPlot.Series> series(List<Run> runs, SpanKey span, String prefix) {
        List<LatencyPlot.Series> series = new ArrayList<>();
        for (Run run : runs) {
            Measured measured = run.latencies().rows().get(span);
            if (measured != null && measured.histogram().getTotalCount() > 0) {
                series.add(new LatencyPlot.Series((prefix + " " + run.label()).strip(), measured.histogram()));
            }
        }
        return series;
    }

    private String curves() {
        List<LatencyPlot.Series> series = new ArrayList<>();
        for (SpanKey span : spans) {
            if (span.span().startsWith("hit-") || span.span().equals("step")) {
                series.addAll(series(runs, span, span.span()));
            }
        }
        return series.isEmpty()
                ? ""
                : "<figure class=\"wide\">" + LatencyPlot.percentiles("Probe hits by percentile", unit, series)
                        + "</figure>";
    }

    private String distributions() {
        StringBuilder out = new StringBuilder("<div class=\"plots\">");
        for (SpanKey span : spans) {
            List<LatencyPlot.Series> series = series(runs, span, "");
            if (!isConstant(series)) {
                out.append("<figure>" + LatencyPlot.distribution(span.span(), unit, series, LatencyPlot.Size.SMALL)
                        + "</figure>");
            }
        }
        return out.append("</div>").toString();
    }

    /** One bar would say nothing that the table does not. */
    private static boolean isConstant(List<LatencyPlot.Series> series) {
        long min = series.stream()
                .mapToLong(s -> s.histogram().getMinValue())
                .min()
                .orElse(0);
        return series.stream().mapToLong(s -> s.histogram().getMaxValue()).max().orElse(0) == min;
    }
}
