package trapline.review;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import trapline.cli.Words;
import trapline.explore.Outcome;

/** A report as one HTML page: what to decide first, then why, then everything. */
public final class ReportPage {

    private final Report report;
    private final Set<String> windows;
    private final StringBuilder out = new StringBuilder();

    private ReportPage(Report report, Set<String> windows) {
        this.report = report;
        this.windows = windows;
    }

    /** The name of the file with a scenario's windows, beside the page. */
    public static String windows(String scenario) {
        return "windows-" + scenario.replaceAll("[^A-Za-z0-9._+-]", "_") + ".html";
    }

    /**
     * The page.
     *
     * @param mail the whole answer
     * @param windows scenarios whose windows have a page beside this one
     */
    public static String of(Report report, String mail, Set<String> windows) {
        ReportPage page = new ReportPage(report, windows);
        page.body();
        page.section("mail", "The answer", "<pre class=\"mail\">" + lines(mail) + "</pre>");
        String title = report.now().name() + " against " + report.base().name();
        return text("review.html").replace("@TITLE@", Xml.escape(title)).replace("@BODY@", page.out);
    }

    private static String lines(String text) {
        return String.join("\n", text.lines().map(Xml::escape).toList());
    }

    private void body() {
        String word = report.worse() ? "bad" : "good";
        String sum = report.worse()
                ? Words.count(report.findings().size(), "cause", "causes") + " of going wrong and "
                        + Words.count(report.opened().size(), "window", "windows") + " that "
                        + report.base().name() + " does not have"
                : report.unchanged() ? "no change" : "nothing is worse";
        out.append("<p class=\"sum ")
                .append(word)
                .append("\">")
                .append(Xml.escape(sum))
                .append("</p>\n");
        StringBuilder cards = new StringBuilder();
        Hunks hunks = new Hunks(report.base().source(), report.now().source());
        report.findings().forEach(f -> cards.append(card(f, hunks)));
        if (!cards.isEmpty()) {
            section("findings", "What is worse", cards.toString());
        }
        shifts("opened", "Windows opened", report.opened());
        shifts("closed", "Windows closed", report.closed());
        matrix();
    }

    private void section(String id, String title, String content) {
        out.append("<section id=\"").append(id).append("\"><h2>").append(title).append("</h2>\n");
        out.append(content).append("</section>\n");
    }

    private static String card(Finding finding, Hunks hunks) {
        StringBuilder card = new StringBuilder("<article><h3>")
                .append(Xml.escape(finding.scenarios().get(0)))
                .append("</h3><p>")
                .append(Xml.escape(finding.title()))
                .append("</p><p class=\"checks\">");
        finding.wrong()
                .forEach(
                        f -> card.append("<code>").append(Xml.escape(f.check())).append("</code> "));
        card.append("</p><p>")
                .append(Xml.escape(finding.wrong().get(0).sentence()))
                .append("</p>");
        List<String> quoted = hunks.around(finding.number());
        if (!quoted.isEmpty()) {
            card.append("<pre>").append(lines(String.join("\n", quoted))).append("</pre>");
        }
        finding.decided()
                .forEach(d ->
                        card.append("<p class=\"why\">").append(Xml.escape(d)).append("</p>"));
        if (finding.scenarios().size() > 1) {
            card.append("<p>The same in ")
                    .append(Xml.escape(String.join(
                            ", ",
                            finding.scenarios().subList(1, finding.scenarios().size()))))
                    .append("</p>");
        }
        return card.append("<pre>")
                .append(lines(finding.recipe().isEmpty() ? finding.command() : finding.recipe()))
                .append("</pre></article>\n")
                .toString();
    }

    private void shifts(String id, String title, List<WindowShift> shifts) {
        if (shifts.isEmpty()) {
            return;
        }
        StringBuilder table =
                new StringBuilder("<div class=\"wide\"><table><thead><tr><th>stimulus<th>line<th>instructions"
                        + "<th>checks<th>what goes wrong<th>shown by</tr></thead><tbody>\n");
        for (WindowShift shift : shifts) {
            String scenario = Xml.escape(shift.scenario());
            String shown = windows.contains(shift.scenario())
                    ? "<a href=\"" + Xml.escape(windows(shift.scenario())) + "\">" + scenario + "</a>"
                    : scenario;
            table.append("<tr><td>").append(Xml.escape(shift.stimulus()));
            table.append("<td><code>").append(Xml.escape(shift.line())).append("</code><td>");
            table.append(shift.instructions())
                    .append("<td><code>")
                    .append(Xml.escape(String.join(" ", shift.checks())));
            table.append("</code><td>")
                    .append(Xml.escape(shift.sentence()))
                    .append("<td>")
                    .append(shown);
            table.append("</tr>\n");
        }
        section(id, title, table + "</tbody></table></div>\n");
    }

    private void matrix() {
        StringBuilder table = new StringBuilder("<div class=\"wide\"><table><thead><tr><th>scenario<th>change<th>"
                + Xml.escape(report.base().name()) + "<th>"
                + Xml.escape(report.now().name())
                + "</tr></thead><tbody>\n");
        for (Row row : report.rows()) {
            String change = ReportFiles.change(row);
            table.append("<tr class=\"")
                    .append(change.replace(' ', '-'))
                    .append("\"><td>")
                    .append(Xml.escape(row.name()));
            table.append("<td>").append(change).append("<td>").append(cell(row.old(), row));
            table.append("<td>").append(cell(row.now(), row)).append("</tr>\n");
        }
        section("scenarios", "Every scenario", table + "</tbody></table></div>\n");
    }

    private static String cell(@org.jspecify.annotations.Nullable Outcome outcome, Row row) {
        if (outcome == null) {
            return Xml.escape(row.trouble());
        }
        List<String> checks =
                outcome.wrong().stream().map(Outcome.Failure::check).toList();
        return checks.isEmpty() ? outcome.judged() ? "pass" : "nothing judged" : Xml.escape(String.join(", ", checks));
    }

    private static String text(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
