package trapline.manual;

import java.util.List;
import java.util.Locale;

/**
 * Markdown as manual pages need it, turned into man(7) macros: headings, paragraphs, lists, tables, code. The first heading
 * is the page's title and left out. A row of a table becomes an entry, named by its first cell.
 */
public final class Markdown {

    private final StringBuilder page = new StringBuilder();
    private boolean fenced;
    private boolean literal;
    private boolean broken = true;
    private int tableRow;

    private Markdown() {}

    /** The macros of a text. */
    public static String roff(String markdown) {
        Markdown converter = new Markdown();
        List<String> lines = markdown.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0 || !lines.get(i).startsWith("# ")) {
                converter.line(lines.get(i));
            }
        }
        converter.literal(false);
        return converter.page.toString();
    }

    private void line(String line) {
        if (line.startsWith("```")) {
            fenced = !fenced;
            literal(fenced);
        } else if (fenced) {
            put(escaped(line));
        } else if (line.startsWith("    ") && (broken || literal)) {
            literal(true);
            put(escaped(line.substring(4)));
        } else if (line.isBlank()) {
            blank();
        } else {
            literal(false);
            text(line.strip());
            broken = false;
        }
    }

    private void blank() {
        if (literal) {
            put("");
        }
        broken = true;
        tableRow = 0;
    }

    private void text(String line) {
        if (line.startsWith("#")) {
            String title = line.replaceFirst("^#+ *", "");
            put(line.startsWith("###") ? ".SS " + inline(title) : ".SH " + inline(title.toUpperCase(Locale.ROOT)));
        } else if (line.startsWith("- ") || line.startsWith("* ")) {
            put(".IP \\(bu 3\n" + safe(inline(line.substring(2))));
        } else if (line.startsWith("|")) {
            row(line);
        } else if (!line.startsWith("<!--")) {
            put((broken ? ".PP\n" : "") + safe(inline(line)));
        }
    }

    private void row(String line) {
        tableRow++;
        if (tableRow <= 2) {
            return; // what the columns are called, and the rule below: the entries speak for themselves
        }
        String[] cells = line.substring(1).split("(?<!\\\\)\\|", -1);
        StringBuilder rest = new StringBuilder();
        for (int i = 1; i < cells.length; i++) {
            String cell = cells[i].strip();
            rest.append(rest.length() == 0 || cell.isEmpty() ? "" : "; ").append(cell);
        }
        put(".TP\n" + safe("\\fB" + inline(cells[0].strip().replace("`", "")) + "\\fR"));
        put(safe(inline(rest.toString())));
    }

    private void literal(boolean on) {
        if (on && !literal) {
            put(".PP\n.RS 4\n.nf");
        } else if (!on && literal) {
            put(".fi\n.RE");
        }
        literal = on;
    }

    /** Code and what is strong stand out; of a link its text stays. */
    private static String inline(String text) {
        return escaped(text.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replace("\\|", "|"))
                .replaceAll("`([^`]*)`", "\\\\fB$1\\\\fR")
                .replaceAll("\\*\\*([^*]+)\\*\\*", "\\\\fB$1\\\\fR")
                .replaceAll("(?<![*\\w])\\*(\\w[^*]*)\\*(?![*\\w])", "\\\\fI$1\\\\fR");
    }

    private static String escaped(String text) {
        return safe(text.replace("\\", "\\e").replace("-", "\\-"));
    }

    /** No line that looks like a request. */
    private static String safe(String text) {
        return text.startsWith(".") || text.startsWith("'") ? "\\&" + text : text;
    }

    private void put(String line) {
        page.append(line).append('\n');
    }
}
