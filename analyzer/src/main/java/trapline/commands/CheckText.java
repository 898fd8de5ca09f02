package trapline.commands;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import trapline.checks.CheckInfo;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.cli.Console;
import trapline.cli.Ink;
import trapline.cli.Words;
import trapline.events.Event;
import trapline.text.EventText;
import trapline.text.EventTextTables;
import trapline.verdicts.Groups;
import trapline.verdicts.JournalVerdicts;
import trapline.verdicts.VerdictWriter;

/**
 * Verdicts of one journal for a reader at a terminal: what failed first, with its findings, then what is unknown; the rest
 * is one line, or a list if asked for.
 */
public final class CheckText implements VerdictWriter {

    /** What stands before an event's line. */
    private static final int MARGIN = 4;

    private final PrintStream out;
    private final Ink ink;
    private final int columns;
    private final boolean listed;
    private boolean many;

    /**
     * Makes one.
     *
     * @param listed whether every check has a line, those that passed or were not exercised too
     */
    public CheckText(PrintStream out, Console console, boolean listed) {
        this.listed = listed;
        this.out = out;
        this.ink = new Ink(console);
        this.columns = console.columns();
    }

    @Override
    public void begin(int journals) {
        many = journals > 1;
    }

    @Override
    public void journal(JournalVerdicts checked) {
        if (!checked.error().isEmpty()) {
            out.println(ink.red("UNREADABLE ") + checked.error());
        } else if (many) {
            brief(checked);
        } else {
            print(checked);
        }
    }

    /** One line for each of many journals; what failed follows in groups. */
    private void brief(JournalVerdicts checked) {
        Verdict worst = checked.count(Verdict.FAIL) > 0
                ? Verdict.FAIL
                : checked.count(Verdict.UNKNOWN) > 0
                        ? Verdict.UNKNOWN
                        : checked.exercisedNothing() ? Verdict.NOT_EXERCISED : Verdict.PASS;
        List<String> named = checked.results().stream()
                .filter(r -> r.verdict() == worst && (worst == Verdict.FAIL || worst == Verdict.UNKNOWN))
                .map(r -> r.info().id())
                .toList();
        String word = worst == Verdict.NOT_EXERCISED ? "NOT EXERCISED " : String.format("%-8s", worst);
        out.println(
                ink.verdict(worst, word) + checked.path() + (named.isEmpty() ? "" : ": " + String.join(", ", named)));
    }

    @Override
    public void end(Groups groups) {
        if (!many || groups.all().isEmpty()) {
            return;
        }
        out.println();
        out.println(ink.bold("Failures by signature"));
        for (Groups.Group group : groups.all()) {
            out.println(String.format("%6d  ", group.journals()) + group.signature());
            Words.wrap(group.sentence(), columns, "        ").forEach(out::println);
            out.println(ink.dim("        smallest: " + group.example() + ", step " + group.step()));
        }
    }

    private void print(JournalVerdicts checked) {
        verdicts(checked);
        findings(checked);
        rest(checked);
    }

    /** All but the findings, which have been printed. */
    void withoutFindings(JournalVerdicts checked) {
        verdicts(checked);
        rest(checked);
    }

    private void findings(JournalVerdicts checked) {
        for (CheckResult result : checked.results()) {
            result.findings().forEach(finding -> finding(finding, result.info(), checked.tables()));
            long more = result.findingsCount() - result.findings().size();
            if (more > 0) {
                out.println("  and " + Words.count(more, "more finding", "more findings") + " of "
                        + result.info().id());
            }
        }
    }

    /** The worst first. */
    private void verdicts(JournalVerdicts checked) {
        out.println(ink.bold(checked.path()) + "  " + checked.title());
        lines(checked, Verdict.FAIL);
        lines(checked, Verdict.UNKNOWN);
        if (listed) {
            lines(checked, Verdict.PASS);
            notExercised(checked);
        }
    }

    private void lines(JournalVerdicts checked, Verdict verdict) {
        for (CheckResult result : checked.results()) {
            if (result.verdict() == verdict) {
                out.println("  " + ink.verdict(verdict, String.format("%-8s", verdict))
                        + String.format("%-20s ", result.info().id()) + ink.dim(note(result)));
            }
        }
    }

    private void misses(JournalVerdicts checked) {
        for (String line : checked.misses()) {
            Words.wrap(line, columns, "  ").forEach(out::println);
        }
    }

    /** What needs no explanation, counted; and why probes were missed. */
    private void rest(JournalVerdicts checked) {
        if (listed) {
            misses(checked);
            return;
        }
        if (checked.count(Verdict.FAIL) > 0) {
            out.println();
        }
        out.println("  " + ink.verdict(Verdict.PASS, String.format("%-8s", Verdict.PASS))
                + Words.count(checked.count(Verdict.PASS), "check", "checks"));
        out.println("  " + ink.verdict(Verdict.NOT_EXERCISED, "NOT EXERCISED") + ", the situation did not occur: "
                + Words.count(checked.count(Verdict.NOT_EXERCISED), "check", "checks") + ink.dim(" (-v lists them)"));
        misses(checked);
    }

    /** Together: they say what this run is no evidence for, and are many. */
    private void notExercised(JournalVerdicts checked) {
        List<String> ids = checked.results().stream()
                .filter(r -> r.verdict() == Verdict.NOT_EXERCISED)
                .map(r -> r.info().id())
                .toList();
        if (!ids.isEmpty()) {
            out.println("  " + ink.verdict(Verdict.NOT_EXERCISED, "NOT EXERCISED") + ", the situation did not occur:");
            Words.wrap(String.join(", ", ids), columns, "    ").forEach(line -> out.println(ink.dim(line)));
        }
    }

    private static String note(CheckResult result) {
        return switch (result.verdict()) {
            case PASS -> "held " + Words.count(result.exercised(), "time", "times");
            case FAIL -> Words.count(result.findingsCount(), "finding", "findings");
            default ->
                result.reason()
                        + (result.exercised() > 0
                                ? "; held " + Words.count(result.exercised(), "time", "times") + " where seen"
                                : "");
        };
    }

    /** One finding: sentence, slice with roles, citation. */
    void finding(Finding finding, CheckInfo info, EventTextTables tables) {
        EventText text = new EventText(tables, columns - MARGIN);
        out.println();
        out.println(ink.verdict(Verdict.FAIL, "FAIL " + finding.check()) + "  "
                + info.invariant()
                + ", probe " + finding.probe() + ", step " + finding.event().step() + ", CPU "
                + finding.event().cpu() + ", in " + tables.symbols().withSource(finding.place()));
        Words.wrap(finding.sentence(), columns, "  ").forEach(out::println);
        for (Event event : finding.slice()) {
            boolean violating = event.ordinal() == finding.event().ordinal();
            out.println((violating ? ink.red("  > ") : "    ") + ink.line(text.line(event)));
            String role = role(finding, event.ordinal());
            if (!role.isEmpty()) {
                out.println(ink.dim("      " + " ".repeat(11) + "^ " + role));
            }
        }
        Words.wrap("see " + info.citation(), columns, "  ").forEach(line -> out.println(ink.dim(line)));
    }

    /** A finding as the first lines of a mail: 7-bit, 72 columns, nothing that could be taken for an event. */
    record Witness(Finding finding, CheckInfo info, EventTextTables tables) {

        private static final int LINES_MAX = 20;
        private static final String QUOTE = "| ";
        private static final String ROLE = "                 ^ ";

        String text() {
            List<String> lines = lines(true);
            lines = lines.size() > LINES_MAX ? lines(false) : lines;
            StringBuilder out = new StringBuilder();
            lines.stream()
                    .limit(LINES_MAX)
                    .forEach(line -> out.append(QUOTE)
                            .append(line.replaceAll("[^ -~]", "?"))
                            .append('\n'));
            return out.append('\n').toString();
        }

        /** With what each event contributed, where there is room for it. */
        private List<String> lines(boolean roles) {
            List<String> lines = new ArrayList<>();
            lines.add("FAIL " + finding.check() + ", probe " + finding.probe());
            lines.add("in " + tables.symbols().withSource(finding.place()) + ", step "
                    + finding.event().step() + ", CPU " + finding.event().cpu());
            lines.addAll(Words.wrap(finding.sentence(), EventText.COLUMNS, ""));
            EventText text = new EventText(tables);
            for (Event event : finding.slice()) {
                lines.add(text.line(event));
                String role = role(finding, event.ordinal());
                if (roles && !role.isEmpty()) {
                    lines.addAll(Words.hang(ROLE + role, EventText.COLUMNS, " ".repeat(ROLE.length())));
                }
            }
            return lines;
        }
    }

    private static String role(Finding finding, long ordinal) {
        StringBuilder roles = new StringBuilder();
        for (Finding.Cause cause : finding.causes()) {
            if (cause.ordinal() == ordinal) {
                roles.append(roles.length() == 0 ? "" : "; ").append(cause.role());
            }
        }
        return roles.toString();
    }
}
