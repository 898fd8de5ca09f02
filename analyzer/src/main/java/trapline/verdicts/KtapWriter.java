package trapline.verdicts;

import java.io.PrintStream;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.cli.Severity;
import trapline.events.SymbolTable;

/** KTAP version 1 (kernel Documentation/dev-tools/ktap.rst): a test for each journal, a subtest for each check. */
public final class KtapWriter implements VerdictWriter {

    private final PrintStream out;
    private int number;

    /** Writes to a stream. */
    public KtapWriter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(int journals) {
        out.print("KTAP version 1\n1.." + journals + "\n");
    }

    @Override
    public void journal(JournalVerdicts verdicts) {
        number++;
        if (!verdicts.error().isEmpty()) {
            out.print(
                    "not ok " + number + " " + name(verdicts.path()) + " # ERROR " + oneLine(verdicts.error()) + "\n");
            return;
        }
        out.print("  KTAP version 1\n  # Subtest: " + name(verdicts.path()) + "\n  1.."
                + verdicts.results().size() + "\n");
        int subtest = 0;
        for (CheckResult result : verdicts.results()) {
            subtest(++subtest, result, verdicts.tables().symbols());
        }
        boolean ok = verdicts.severity() == Severity.CLEAN || verdicts.exercisedNothing();
        out.print((ok ? "ok " : "not ok ") + number + " " + name(verdicts.path())
                + (verdicts.exercisedNothing() ? " # SKIP nothing was exercised" : "") + "\n");
    }

    private void subtest(int subtest, CheckResult result, SymbolTable symbols) {
        String line = subtest + " " + result.info().id();
        switch (result.verdict()) {
            case PASS -> out.print("  ok " + line + "\n");
            case NOT_EXERCISED -> out.print("  ok " + line + " # SKIP " + oneLine(result.reason()) + "\n");
            case UNKNOWN -> out.print("  not ok " + line + " # ERROR " + oneLine(result.reason()) + "\n");
            case FAIL -> {
                for (Finding finding : result.findings()) {
                    out.print("  # step " + finding.event().step() + ", " + symbols.withSource(finding.place()) + ": "
                            + oneLine(finding.sentence()) + "\n");
                }
                out.print("  not ok " + line + "\n");
            }
        }
    }

    private static String name(String path) {
        return oneLine(path).replace('#', '_');
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
