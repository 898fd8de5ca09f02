package trapline.record;

import java.util.ArrayList;
import java.util.List;
import trapline.cli.Console;

/** Prints a matrix, in as many parts as the width of the terminal asks for, then which checks failed where. */
final class CompareTable {

    private static final String GAP = "  ";

    private final Console console;
    private final List<String> flows;
    private final CompareBaseline measure;

    CompareTable(Console console, List<String> flows, CompareBaseline measure) {
        this.measure = measure;
        this.console = console;
        this.flows = flows;
    }

    void print(List<List<CompareCell>> matrix) {
        int nameWidth = Math.max(
                "scenario".length(),
                matrix.stream()
                        .mapToInt(l -> l.get(0).scenario().length())
                        .max()
                        .orElse(0));
        int first = 0;
        while (first < flows.size()) {
            int end = first;
            int width = nameWidth;
            while (end < flows.size()
                    && (end == first || width + GAP.length() + columnWidth(matrix, end) <= console.columns())) {
                width += GAP.length() + columnWidth(matrix, end++);
            }
            part(matrix, nameWidth, first, end);
            first = end;
        }
        failures(matrix);
    }

    /** A cell that is another than the baseline's says so. */
    private String text(CompareCell cell, List<CompareCell> row) {
        return cell.text() + (measure.differs(cell, row) ? " *" : "");
    }

    private int columnWidth(List<List<CompareCell>> matrix, int column) {
        int cells = matrix.stream()
                .mapToInt(l -> text(l.get(column), l).length())
                .max()
                .orElse(0);
        return Math.max(cells, flows.get(column).length());
    }

    private void part(List<List<CompareCell>> matrix, int nameWidth, int first, int end) {
        StringBuilder head = new StringBuilder(pad("scenario", nameWidth));
        for (int i = first; i < end; i++) {
            head.append(GAP).append(pad(flows.get(i), columnWidth(matrix, i)));
        }
        console.out().println(head.toString().stripTrailing());
        for (List<CompareCell> line : matrix) {
            StringBuilder row = new StringBuilder(pad(line.get(0).scenario(), nameWidth));
            for (int i = first; i < end; i++) {
                CompareCell cell = line.get(i);
                String text = pad(text(cell, line), columnWidth(matrix, i));
                row.append(GAP).append(cell.verdict().equals("FAIL") && console.color() ? red(text) : text);
            }
            console.out().println(row.toString().stripTrailing());
        }
        console.out().println();
    }

    private void failures(List<List<CompareCell>> matrix) {
        for (List<CompareCell> line : matrix) {
            for (CompareCell cell : line) {
                List<String> failed = new ArrayList<>();
                cell.checks().forEach((id, verdict) -> {
                    if (verdict.equals("FAIL")) {
                        failed.add(id);
                    }
                });
                if (!failed.isEmpty()) {
                    console.out()
                            .println(cell.scenario() + " under " + cell.flow() + " fails " + String.join(", ", failed));
                } else if (cell.verdict().equals("UNKNOWN") && !cell.detail().isEmpty()) {
                    console.out().println(cell.scenario() + " under " + cell.flow() + ": " + cell.detail());
                }
            }
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String red(String text) {
        return "\u001b[31m" + text + "\u001b[0m";
    }
}
