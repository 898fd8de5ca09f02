package trapline.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.diff.Code;
import trapline.diff.Divergence;
import trapline.diff.Explanation;
import trapline.diff.RunDiff;
import trapline.events.Event;

/** Two runs side by side: where they part first and why, and every other difference. */
final class DiffSection {

    private static final int SHOWN_MAX = 200;

    private final Run a;
    private final Run b;
    private final RunDiff diff;

    DiffSection(Run a, Run b, RunDiff diff) {
        this.a = a;
        this.b = b;
        this.diff = diff;
    }

    String html() {
        if (diff.equal()) {
            return "<p>Both runs do the same.</p>";
        }
        StringBuilder out = new StringBuilder();
        Divergence first = diff.divergences().get(0);
        Explanation inA = diff.explanationA();
        Explanation inB = diff.explanationB();
        out.append("<p>They first part on CPU " + first.cpu() + ": "
                + (inA == null || inB == null ? "" : "decided at " + steps(inA.decidedStep(), inB.decidedStep()) + ", ")
                + "visible at " + steps(first.a().firstStep(), first.b().firstStep()) + ". ");
        out.append(jump(first, "Show it in both runs")).append("</p>");
        out.append("<div class=\"sides\">")
                .append(side(a, inA, inB))
                .append(side(b, inB, inA))
                .append("</div>");
        out.append("<details><summary>All differences, "
                + Html.count(diff.divergences().size()) + "</summary>");
        out.append("<div class=\"scroll\" role=\"region\" aria-label=\"Table of all differences\" tabindex=\"0\">");
        out.append("<table class=\"differences\"><caption>All differences: "
                + Html.count(diff.divergences().size())
                + "</caption><thead><tr><th scope=\"col\">CPU</th><th scope=\"col\">A</th><th scope=\"col\">B</th>"
                + "<th scope=\"col\">Go</th></tr></thead><tbody>");
        diff.divergences().stream()
                .limit(SHOWN_MAX)
                .forEach(d -> out.append("<tr><td>" + d.cpu() + "</td><td>" + stretch(d.a()) + "</td><td>"
                        + stretch(d.b()) + "</td><td>" + jump(d, "Show") + "</td></tr>"));
        return out.append("</tbody></table></div></details>").toString();
    }

    private static String steps(long inA, long inB) {
        return "step " + Html.count(inA) + " of A and step " + Html.count(inB) + " of B";
    }

    private static String jump(Divergence d, String text) {
        return "<button type=\"button\" class=\"jump\" data-run=\"A\" data-ordinal=\"" + d.a().firstOrdinal()
                + "\" data-ordinal-b=\"" + d.b().firstOrdinal() + "\" aria-label=\"" + text + ": CPU " + d.cpu()
                + ", step " + d.a().firstStep() + " of A and " + d.b().firstStep() + " of B\">" + text + "</button>";
    }

    private static String stretch(Divergence.Stretch stretch) {
        if (stretch.total() == 0) {
            return "<span class=\"dim\">nothing here</span>";
        }
        StringBuilder out = new StringBuilder("<ol class=\"moments\">");
        stretch.moments().forEach(moment -> out.append("<li>" + Html.escape(moment) + "</li>"));
        int more = stretch.total() - stretch.moments().size();
        return out.append(more > 0 ? "<li class=\"dim\">and " + Html.count(more) + " more</li>" : "")
                .append("</ol>")
                .toString();
    }

    private static String side(Run run, @Nullable Explanation mine, @Nullable Explanation other) {
        if (mine == null || other == null) {
            return "";
        }
        StringBuilder out = new StringBuilder("<section class=\"side\"><h3>" + run.label() + " "
                + Html.escape(new RunSections(run).title()) + "</h3>");
        out.append("<dl class=\"facts\"><div><dt>Decides by</dt><dd>" + Html.escape(mine.deciding()) + "</dd></div>");
        out.append("<div><dt>Branches on</dt><dd>" + Html.escape(mine.branch()) + "</dd></div>");
        List<String> outcome = new ArrayList<>(mine.outcome());
        outcome.removeAll(other.outcome());
        out.append("<div><dt>After it</dt><dd>"
                + (outcome.isEmpty() ? "no value differs" : Html.escape(String.join(", ", outcome)))
                + "</dd></div></dl>");
        listing(out, run, mine.branchAddress());
        out.append("<ol class=\"slice\">");
        for (Event event : mine.before()) {
            out.append("<li><code>" + Html.escape(run.text().line(event).strip()) + "</code></li>");
        }
        for (Event event : mine.after()) {
            out.append("<li class=\"violating\"><code>"
                    + Html.escape(run.text().line(event).strip()) + "</code></li>");
        }
        return out.append("</ol></section>").toString();
    }

    /** The code around the instruction that the branch depends on, or why there is none. */
    private static void listing(StringBuilder out, Run run, long address) {
        String absence = run.code().absence();
        List<Code.Instruction> near = run.code().near(address);
        if (!absence.isEmpty() || near.isEmpty()) {
            out.append(absence.isEmpty() ? "" : "<p class=\"dim\">" + Html.escape(absence) + "</p>");
            return;
        }
        out.append("<table class=\"listing\"><caption>Code" + " of " + run.label()
                + " where the flags are made</caption><tbody>");
        for (Code.Instruction i : near) {
            out.append("<tr" + (i.address() == address ? " aria-current=\"true\"" : "") + "><th scope=\"row\">"
                    + Html.escape(run.code().offset(i.address())) + "</th><td><code>" + Html.escape(i.text())
                    + "</code></td><td class=\"dim\">" + Html.escape(i.source()) + "</td></tr>");
        }
        out.append("</tbody></table>");
    }
}
