package trapline.verdicts;

import java.io.PrintStream;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.text.EventText;

/** JUnit XML: a suite for each journal, a case for each check; what is unknown is an error, what is idle is skipped. */
public final class JunitWriter implements VerdictWriter {

    private final PrintStream out;

    /** Writes to a stream. */
    public JunitWriter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(int journals) {
        out.print("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"trapline\">\n");
    }

    @Override
    public void journal(JournalVerdicts verdicts) {
        boolean unreadable = !verdicts.error().isEmpty();
        out.print(String.format(
                "  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n",
                xml(verdicts.path()),
                unreadable ? 1 : verdicts.results().size(),
                verdicts.count(Verdict.FAIL),
                unreadable ? 1 : verdicts.count(Verdict.UNKNOWN),
                verdicts.count(Verdict.NOT_EXERCISED)));
        if (unreadable) {
            out.print("    <testcase classname=\"" + xml(verdicts.path()) + "\" name=\"read\"><error message=\""
                    + xml(verdicts.error()) + "\"/></testcase>\n");
        }
        for (CheckResult result : verdicts.results()) {
            testcase(verdicts, result);
        }
        out.print("  </testsuite>\n");
    }

    private void testcase(JournalVerdicts verdicts, CheckResult result) {
        out.print("    <testcase classname=\"" + xml(verdicts.path()) + "\" name=\""
                + xml(result.info().id()) + "\"");
        switch (result.verdict()) {
            case PASS -> out.print("/>\n");
            case NOT_EXERCISED -> out.print("><skipped message=\"" + xml(result.reason()) + "\"/></testcase>\n");
            case UNKNOWN -> out.print("><error message=\"" + xml(result.reason()) + "\"/></testcase>\n");
            case FAIL -> failure(verdicts, result);
        }
    }

    private void failure(JournalVerdicts verdicts, CheckResult result) {
        EventText text = new EventText(verdicts.tables());
        StringBuilder body = new StringBuilder();
        for (Finding finding : result.findings()) {
            body.append(finding.sentence()).append('\n');
            finding.slice()
                    .forEach(event -> body.append("  ").append(text.line(event)).append('\n'));
        }
        out.print("><failure message=\"" + xml(result.findings().get(0).sentence()) + "\">\n" + xml(body.toString())
                + "</failure></testcase>\n");
    }

    @Override
    public void end(Groups groups) {
        out.print("</testsuites>\n");
    }

    /** Text as XML 1.0 can carry it. */
    static String xml(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> clean.append("&amp;");
                case '<' -> clean.append("&lt;");
                case '>' -> clean.append("&gt;");
                case '"' -> clean.append("&quot;");
                default -> clean.appendCodePoint(isXml(c) ? c : '?');
            }
        });
        return clean.toString();
    }

    private static boolean isXml(int c) {
        return c == '\t'
                || c == '\n'
                || (c >= 0x20 && c <= 0xd7ff)
                || (c >= 0xe000 && c <= 0xfffd)
                || (c >= 0x10000 && c <= 0x10ffff);
    }
}
