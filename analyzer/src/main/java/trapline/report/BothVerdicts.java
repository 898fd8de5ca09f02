package trapline.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import trapline.checks.CheckResult;
import trapline.checks.Verdict;

/** The checks of two runs in one table: those that say something else of A than of B; the others are counted. */
final class BothVerdicts {

    private final Run a;
    private final Run b;

    BothVerdicts(Run a, Run b) {
        this.a = a;
        this.b = b;
    }

    String html() {
        Map<String, Verdict> ofB = new HashMap<>();
        b.results().forEach(result -> ofB.put(result.info().id(), result.verdict()));
        StringBuilder rows = new StringBuilder();
        List<String> idle = new ArrayList<>();
        int alike = 0;
        for (CheckResult inA : a.results()) {
            Verdict inB = ofB.get(inA.info().id());
            if (inB == null || inB == inA.verdict()) {
                alike++;
                continue;
            }
            if (isQuiet(inA.verdict()) && isQuiet(inB)) {
                idle.add(inA.info().id());
                continue;
            }
            rows.append("<tr><th scope=\"row\">" + Html.escape(inA.info().id()) + "</th><td>" + cell(inA.verdict())
                    + "</td><td>" + cell(inB) + "</td><td>"
                    + Html.escape(inA.info().claim()) + "</td></tr>");
        }
        String judged = idle.isEmpty()
                ? ""
                : "<details><summary>" + idle.size() + " had something to judge in one of the runs only, and held"
                        + "</summary><p>" + Html.escape(String.join(", ", idle)) + "</p></details>";
        if (rows.length() == 0) {
            return "<p>No check says anything against one of the runs that it does not say against the other.</p>"
                    + judged;
        }
        return "<div class=\"scroll\" role=\"region\" aria-label=\"Checks that differ\" tabindex=\"0\"><table>"
                + "<caption>Checks that say something else of A than of B; " + alike + " say the same</caption>"
                + "<thead><tr><th scope=\"col\">Check</th><th scope=\"col\">A</th><th scope=\"col\">B</th>"
                + "<th scope=\"col\">Claim</th></tr></thead><tbody>" + rows + "</tbody></table></div>" + judged;
    }

    private static boolean isQuiet(Verdict verdict) {
        return verdict == Verdict.PASS || verdict == Verdict.NOT_EXERCISED;
    }

    private static String cell(Verdict verdict) {
        return "<span class=\"verdict " + verdict + "\">" + verdict.toString().replace('_', ' ') + "</span>";
    }
}
