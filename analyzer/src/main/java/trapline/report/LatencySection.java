package trapline.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;
import trapline.latency.Span;

/** The latencies of one or two runs: a table, percentile curves, and the distribution of each span. */
final class LatencySection {

    private final List<Run> runs;
    private final Set<Span> spans = new LinkedHashSet<>();

    LatencySection(List<Run> runs) {
        this.runs = runs;
        for (Span span : Span.values()) {
            if (runs.stream().anyMatch(run -> run.latencies().histograms().containsKey(span))) {
                spans.add(span);
            }
        }
    }

    String html() {
        if (spans.isEmpty()) {
            return "<p>No trap returned and no probe was hit: there is nothing to measure.</p>";
        }
        return "<p>In retired instructions of the CPU the span ran on: the same run gives the same numbers.</p>"
                + "<div class=\"scroll\" role=\"region\" aria-label=\"Table of latencies\" tabindex=\"0\">" + table()
                + "</div>"
                + curves() + distributions();
    }

    private String table() {
        StringBuilder out = new StringBuilder("<table class=\"latencies\"><caption>Latencies in retired instructions"
                + "</caption><thead><tr><th scope=\"col\">Span</th>");
        out.append(runs.size() > 1 ? "<th scope=\"col\">Run</th>" : "");
        for (String column : List.of("Count", "Min", "p50", "p90", "p99", "p99.9", "Max")) {
            out.append("<th scope=\"col\" class=\"number\">" + column + "</th>");
        }
        out.append("</tr></thead><tbody>");
        for (Span span : spans) {
            for (Run run : runs) {
                Histogram histogram = run.latencies().histograms().get(span);
                if (histogram != null) {
                    row(out, span, run, histogram);
                }
            }
        }
        return out.append("</tbody></table>").toString();
    }

    private void row(StringBuilder out, Span span, Run run, Histogram h) {
        out.append("<tr><th scope=\"row\">" + span.label() + "<span class=\"dim\">" + Html.escape(span.description())
                + "</span></th>");
        out.append(runs.size() > 1 ? "<td>" + run.label() + "</td>" : "");
        long[] cells = {
            h.getTotalCount(),
            h.getMinValue(),
            h.getValueAtPercentile(50),
            h.getValueAtPercentile(90),
            h.getValueAtPercentile(99),
            h.getValueAtPercentile(99.9),
            h.getMaxValue()
        };
        for (long cell : cells) {
            out.append("<td class=\"number\">" + Html.count(cell) + "</td>");
        }
        out.append("</tr>");
    }

    private String curves() {
        List<LatencyPlot.Series> series = new ArrayList<>();
        for (Span span : spans) {
            boolean hit = span.label().startsWith("hit") || span == Span.STEP;
            for (Run run : runs) {
                Histogram histogram = run.latencies().histograms().get(span);
                if (hit && histogram != null) {
                    series.add(new LatencyPlot.Series(span.label() + spaced(run.label()), histogram));
                }
            }
        }
        return series.isEmpty()
                ? ""
                : "<figure class=\"wide\">" + LatencyPlot.percentiles("Probe hits by percentile", series) + "</figure>";
    }

    private static String spaced(String label) {
        return label.isEmpty() ? "" : " " + label;
    }

    private String distributions() {
        StringBuilder out = new StringBuilder("<div class=\"plots\">");
        for (Span span : spans) {
            List<LatencyPlot.Series> series = new ArrayList<>();
            for (Run run : runs) {
                Histogram histogram = run.latencies().histograms().get(span);
                if (histogram != null) {
                    series.add(new LatencyPlot.Series(run.label(), histogram));
                }
            }
            boolean constant = series.stream()
                            .mapToLong(s -> s.histogram().getMinValue())
                            .min()
                            .orElse(0)
                    == series.stream()
                            .mapToLong(s -> s.histogram().getMaxValue())
                            .max()
                            .orElse(0);
            if (constant) {
                continue; // one bar says nothing that the table does not
            }
            out.append("<figure>" + LatencyPlot.distribution(span.label(), series) + "</figure>");
        }
        return out.append("</div>").toString();
    }
}
