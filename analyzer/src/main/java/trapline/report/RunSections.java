package trapline.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import trapline.block.Damage;
import trapline.block.JournalHeader;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.events.Event;
import trapline.exchange.RecipeText;

/** The parts of the page that show one run: facts, verdicts with findings, timeline, latencies. */
final class RunSections {

    /** More unknown checks than this would push everything else off the screen. */
    private static final int UNKNOWN_OPEN_MAX = 6;

    private static final int DAMAGE_SHOWN_MAX = 8;

    private final Run run;
    private final String suffix;

    RunSections(Run run) {
        this.run = run;
        this.suffix = run.label();
    }

    /** One line that says what the run is. */
    String title() {
        JournalHeader h = run.journal().header();
        String name = h.name().isEmpty() ? "unnamed run" : h.name();
        return name + (h.flow().isEmpty() ? "" : " on " + h.flow());
    }

    String facts() {
        JournalHeader h = run.journal().header();
        StringBuilder out = new StringBuilder("<dl class=\"facts\">");
        fact(out, "Flow", h.flow());
        fact(out, "Workload", h.workload());
        fact(out, "CPUs", Integer.toString(h.cpus()));
        fact(out, "Events", Html.count(run.journal().events()));
        fact(out, "Steps", Html.count(run.steps()) + " " + h.clock());
        fact(out, "End", run.journal().footer().map(f -> f.end()).orElse("not closed: the end of the run is missing"));
        fact(out, "Source", h.source() + ", semantics " + h.semantics() + ", by " + h.tool());
        fact(out, "Digest", run.journal().footer().map(f -> f.digest()).orElse(""));
        out.append("</dl>");
        recipe(out, RecipeText.of(run.journal()));
        return out.toString();
    }

    private static void fact(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            out.append("<div><dt>").append(name).append("</dt><dd>");
            out.append(Html.escape(value)).append("</dd></div>");
        }
    }

    /** What is missing of the run; empty for a whole one. */
    String notices() {
        StringBuilder out = new StringBuilder();
        List<RunData.Gap> gaps = run.overview().gaps();
        if (!gaps.isEmpty()) {
            boolean known = gaps.stream().allMatch(gap -> gap.count() >= 0);
            long count = gaps.stream().mapToLong(RunData.Gap::count).sum();
            String why = gaps.stream().map(RunData.Gap::why).distinct().limit(3).collect(Collectors.joining(", "));
            out.append("<p>" + (known ? Html.count(count, "event", "events") : "An unknown number of events") + of()
                    + (count == 1 && known ? " is" : " are") + " missing in "
                    + Html.count(gaps.size(), "place", "places") + " (" + Html.escape(why)
                    + "); the timeline is hatched there.</p>");
        }
        List<Damage> damage = run.journal().damage();
        if (!damage.isEmpty()) {
            out.append("<p>The journal" + of() + " is damaged:</p><ul>");
            damage.stream().limit(DAMAGE_SHOWN_MAX).forEach(d -> out.append("<li>" + Html.escape(d.line()) + "</li>"));
            out.append(
                    damage.size() > DAMAGE_SHOWN_MAX
                            ? "<li>and " + Html.count(damage.size() - DAMAGE_SHOWN_MAX) + " more</li>"
                            : "");
            out.append("</ul>");
        }
        return out.isEmpty() ? "" : "<div class=\"damage\" role=\"note\">" + out + "</div>";
    }

    private void recipe(StringBuilder out, String recipe) {
        // Without a digest, of a journal that was cut off, there is nothing that repro could compare with.
        if (recipe.contains(" digest=") || recipe.contains("\ndigest=")) {
            String id = "recipe" + suffix;
            out.append("<div class=\"recipe\"><h3>Recipe</h3><p>Regenerates this run bit for bit: "
                    + "<code>trapline repro</code> reads it.</p><pre id=\"" + id + "\" tabindex=\"0\">");
            out.append(Html.escape(recipe.strip())).append("</pre>");
            out.append("<button type=\"button\" data-copy=\"" + id + "\">Copy the recipe</button></div>");
        }
    }

    /** What is violated first, then what is unknown; what held or was not exercised is folded. */
    String verdicts() {
        List<CheckResult> failed = of(Verdict.FAIL);
        List<CheckResult> unknown = of(Verdict.UNKNOWN);
        List<CheckResult> calm = run.results().stream()
                .filter(r -> r.verdict() != Verdict.FAIL && r.verdict() != Verdict.UNKNOWN)
                .toList();
        StringBuilder out = new StringBuilder();
        out.append(failed.isEmpty() ? "<p>Nothing" + of() + " is violated" : "");
        out.append(failed.isEmpty() && unknown.isEmpty() ? ", and nothing is unknown" : "");
        out.append(failed.isEmpty() ? ".</p>" : table(failed, "Violated" + of()));
        if (!unknown.isEmpty()) {
            String reasons =
                    unknown.stream().map(CheckResult::reason).distinct().collect(Collectors.joining("; "));
            boolean few = unknown.size() <= UNKNOWN_OPEN_MAX;
            out.append("<details class=\"doubt\"" + (few ? " open" : "") + "><summary>"
                    + Html.count(unknown.size(), "check", "checks") + of() + " unknown: " + Html.escape(reasons)
                    + "</summary>" + table(unknown, "Unknown" + of()) + "</details>");
        }
        if (!calm.isEmpty()) {
            long held = calm.stream().filter(r -> r.verdict() == Verdict.PASS).count();
            out.append("<details class=\"calm\"><summary>" + Html.count(held, "check", "checks") + of() + " held, "
                    + Html.count(calm.size() - held) + " had nothing to judge</summary>"
                    + table(calm, "Held, or nothing to judge" + of()) + "</details>");
        }
        return out.toString();
    }

    private List<CheckResult> of(Verdict verdict) {
        return run.results().stream().filter(r -> r.verdict() == verdict).toList();
    }

    private String table(List<CheckResult> results, String caption) {
        StringBuilder out = new StringBuilder();
        out.append("<div class=\"scroll\" role=\"region\" aria-label=\"" + caption + "\" tabindex=\"0\">");
        out.append("<table class=\"verdicts\"><caption>" + caption + "</caption><thead><tr><th scope=\"col\">Verdict"
                + "</th><th scope=\"col\">Check</th><th scope=\"col\">Claim</th>"
                + "<th scope=\"col\">What was seen</th></tr></thead><tbody>");
        int finding = 0;
        for (CheckResult result : results) {
            String word = result.verdict().name().replace('_', ' ');
            out.append("<tr><td><span class=\"verdict " + result.verdict() + "\">" + word + "</span></td>");
            out.append("<th scope=\"row\">" + Html.escape(result.info().id()) + " <span class=\"dim\">"
                    + Html.escape(result.info().invariant()) + "</span></th>");
            out.append("<td>" + Html.escape(result.info().claim()) + "</td><td>" + seen(result) + "</td></tr>");
            for (List<Integer> alike : alike(result.findings())) {
                finding(out, result, alike, finding);
            }
            finding += result.findings().size();
            long more = result.findingsCount() - result.findings().size();
            if (more > 0) {
                out.append("<tr class=\"finding\"><td></td><td colspan=\"3\">and " + Html.count(more)
                        + " more of the same check</td></tr>");
            }
        }
        return out.append("</tbody></table></div>").toString();
    }

    private static String seen(CheckResult result) {
        return switch (result.verdict()) {
            case PASS -> "held " + Html.count(result.exercised(), "time", "times");
            case FAIL ->
                Html.count(result.findingsCount(), "violation", "violations") + " of "
                        + Html.count(result.exercised(), "case", "cases");
            default -> Html.escape(result.reason());
        };
    }

    /** Places of findings with the same signature, in the order of the first of each. */
    private static List<List<Integer>> alike(List<Finding> findings) {
        Map<String, List<Integer>> bySignature = new LinkedHashMap<>();
        for (int i = 0; i < findings.size(); i++) {
            bySignature
                    .computeIfAbsent(findings.get(i).signature(), s -> new ArrayList<>())
                    .add(i);
        }
        return List.copyOf(bySignature.values());
    }

    private void finding(StringBuilder out, CheckResult result, List<Integer> alike, int firstOfCheck) {
        Finding finding = result.findings().get(alike.get(0));
        Event event = finding.event();
        String id = run.findings().get(firstOfCheck + alike.get(0)).id();
        out.append("<tr class=\"finding\" id=\"" + id + "\"><td></td><td colspan=\"3\">");
        out.append("<p>" + Html.escape(finding.sentence()) + "</p>");
        out.append("<p class=\"where\">"
                + jump(event, "Show step " + Html.count(event.step()) + " on CPU " + event.cpu())
                + " in <code>" + Html.escape(run.place(finding)) + "</code>, probe <code>"
                + Html.escape(finding.probe())
                + "</code></p>");
        slice(out, result, finding);
        if (alike.size() > 1) {
            out.append("<details><summary>" + (alike.size() - 1) + " more of the same function and probe</summary>"
                    + "<div class=\"alike\">");
            for (int other : alike.subList(1, alike.size())) {
                Event e = result.findings().get(other).event();
                out.append(jump(e, "Step " + Html.count(e.step()) + ", CPU " + e.cpu()));
            }
            out.append("</div></details>");
        }
        out.append("</td></tr>");
    }

    private String jump(Event event, String text) {
        return "<button type=\"button\" class=\"jump\" data-run=\"" + suffix + "\" data-ordinal=\"" + event.ordinal()
                + "\">" + text + "</button>";
    }

    private void slice(StringBuilder out, CheckResult result, Finding finding) {
        Event event = finding.event();
        out.append("<details><summary>Shortest slice of events that shows it ("
                + finding.slice().size() + ")</summary><ol class=\"slice\">");
        for (Event e : finding.slice()) {
            out.append("<li" + (e.ordinal() == event.ordinal() ? " class=\"violating\"" : "") + "><code>"
                    + Html.escape(run.text().line(e).strip()) + "</code>");
            for (Finding.Cause cause : finding.causes()) {
                if (cause.ordinal() == e.ordinal()) {
                    out.append("<span class=\"role\">" + Html.escape(cause.role()) + "</span>");
                }
            }
            out.append("</li>");
        }
        out.append("</ol><p class=\"dim\">See " + Html.escape(result.info().citation()) + "</p></details>");
    }

    String chips() {
        StringBuilder out = new StringBuilder("<ul class=\"chips\" aria-label=\"Verdicts counted" + of() + "\">");
        for (Verdict verdict : List.of(Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_EXERCISED)) {
            long count =
                    run.results().stream().filter(r -> r.verdict() == verdict).count();
            if (count > 0) {
                out.append("<li class=\"verdict " + verdict + "\">" + count + " "
                        + verdict.name().replace('_', ' ') + "</li>");
            }
        }
        return out.append("</ul>").toString();
    }

    /** Where the scripts put the lanes, and what stands there without them. */
    String timeline() {
        return Resources.text("timeline.html")
                .replace("@run@", suffix)
                .replace("@of@", of())
                .replace("@title@", Html.escape(title()));
    }

    String counts() {
        StringBuilder out = new StringBuilder("<table class=\"counts\"><caption>Events by kind" + of()
                + "</caption><thead><tr><th scope=\"col\">Kind</th><th scope=\"col\">Count</th></tr></thead><tbody>");
        for (Map.Entry<String, Long> entry : run.overview().counts().entrySet()) {
            out.append("<tr><th scope=\"row\">" + entry.getKey() + "</th><td>" + Html.count(entry.getValue())
                    + "</td></tr>");
        }
        return out.append("</tbody></table>").toString();
    }

    /** Behind a caption, where there are two runs. */
    String of() {
        return suffix.isEmpty() ? "" : " of " + suffix;
    }
}
