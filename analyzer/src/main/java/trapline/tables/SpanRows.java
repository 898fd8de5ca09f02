package trapline.tables;

import static trapline.tables.Column.number;
import static trapline.tables.Column.text;

import java.util.List;
import trapline.latency.Span;
import trapline.latency.SpanTrace;

/** Rows of {@link Table#SPANS}, in the order of their ends. */
final class SpanRows implements SpanTrace.Consumer {

    static final List<Column> COLUMNS = List.of(
            Column.run(),
            text("span", "what it is, as 'latency' names it"),
            number("cpu", "CPU"),
            text("probe", "of a hit, a handler or a time with a current probe; else none"),
            number("begin_step", "step at which it begins"),
            number("end_step", "step at which it ends"),
            number("instructions", "retired on its CPU in it"));

    private final String run;
    private final Rows rows;

    SpanRows(String run, Rows rows) {
        this.run = run;
        this.rows = rows;
    }

    @Override
    public void span(Span span, int cpu, String probe, long beginStep, long endStep, long instructions) {
        rows.text(run);
        rows.text(span.label());
        rows.number(cpu);
        rows.text(probe);
        rows.number(beginStep);
        rows.number(endStep);
        rows.number(instructions);
        rows.endRow();
    }
}
