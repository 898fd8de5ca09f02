package trapline.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import trapline.diff.RunDiff;
import trapline.journal.Journal;

/** The page: one or two runs as a single file that loads nothing. */
public final class ReportPage {

    /** Room for packed events, so that a page stays below 2 MB. */
    private static final int EVENT_CHARACTERS_MAX = 1_600_000;

    private static final List<String> SCRIPTS =
            List.of("data.js", "words.js", "state.js", "lanes.js", "timeline.js", "draw.js", "details.js", "page.js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportPage() {}

    /**
     * The page of one run.
     *
     * @param journal an open journal
     * @return the text of an HTML file
     * @throws IOException if the journal cannot be read
     */
    public static String of(Journal journal) throws IOException {
        return page(List.of(Run.of(journal, "", EVENT_CHARACTERS_MAX)), "");
    }

    /**
     * The page of two runs, compared.
     *
     * @param a an open journal
     * @param b another
     * @return the text of an HTML file
     * @throws IOException if a journal cannot be read
     */
    public static String of(Journal a, Journal b) throws IOException {
        Run runA = Run.of(a, "A", EVENT_CHARACTERS_MAX / 2);
        Run runB = Run.of(b, "B", EVENT_CHARACTERS_MAX / 2);
        String diff = new DiffSection(runA, runB, RunDiff.of(a, b, Set.of())).html();
        return page(List.of(runA, runB), diff);
    }

    private static String page(List<Run> runs, String diff) {
        String style = Resources.text("report.css");
        StringBuilder script = new StringBuilder("(() => {\n'use strict';\n");
        SCRIPTS.forEach(name -> script.append(Resources.text(name)));
        script.append("})();\n");
        List<RunSections> sections = runs.stream().map(RunSections::new).toList();
        List<String> titles = sections.stream().map(RunSections::title).toList();
        return Resources.text("page.html")
                .replace("@policy@", policy(style, script.toString()))
                .replace("@title@", Html.escape(String.join(" / ", titles)))
                .replace("@style@", style)
                .replace("@body@", body(runs, sections, diff))
                .replace("@data@", data(runs))
                .replace("@script@", script);
    }

    /** Nothing may be loaded, and no script or style but the page's own may run, whatever a journal's texts say. */
    private static String policy(String style, String script) {
        return "default-src 'none'; style-src 'sha256-" + sha256(style) + "'; script-src 'sha256-" + sha256(script)
                + "'; base-uri 'none'; form-action 'none'";
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String body(List<Run> runs, List<RunSections> sections, String diff) {
        StringBuilder out = new StringBuilder();
        out.append("<header class=\"top\"><p class=\"brand\">Trapline report</p>");
        for (int i = 0; i < runs.size(); i++) {
            String label = runs.get(i).label().isEmpty() ? "" : runs.get(i).label() + " ";
            out.append(i == 0 ? "<h1>" : "<p class=\"second\">").append(label);
            out.append(Html.escape(sections.get(i).title())).append(i == 0 ? "</h1>" : "</p>");
            out.append(sections.get(i).chips());
        }
        out.append("</header><main>");
        section(
                out,
                "verdicts",
                "Verdicts",
                join(sections.stream().map(RunSections::verdicts).toList()));
        if (!diff.isEmpty()) {
            section(out, "differences", "Differences", diff);
        }
        section(
                out,
                "timeline",
                "Timeline",
                join(sections.stream().map(RunSections::timeline).toList()));
        section(out, "latencies", "Latencies", new LatencySection(runs).html());
        List<String> facts = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            String heading = runs.size() > 1
                    ? "<h3>" + runs.get(i).label() + " "
                            + Html.escape(sections.get(i).title()) + "</h3>"
                    : "";
            facts.add("<section class=\"side\">" + heading + sections.get(i).facts()
                    + sections.get(i).counts() + "</section>");
        }
        section(out, "run", runs.size() > 1 ? "Runs" : "Run", "<div class=\"sides\">" + join(facts) + "</div>");
        return out.append("</main>").toString();
    }

    private static String join(List<String> parts) {
        return String.join("", parts);
    }

    private static void section(StringBuilder out, String id, String heading, String content) {
        out.append("<section class=\"part\" id=\"" + id + "\" aria-labelledby=\"" + id + "-heading\"><h2 id=\"" + id
                + "-heading\">" + heading + "</h2>" + content + "</section>");
    }

    private static String data(List<Run> runs) {
        try {
            // A script element ends at its end tag wherever that stands, also inside of a JSON text.
            return JSON.writeValueAsString(runs.stream().map(Run::data).toList())
                    .replace("<", "\\u003c")
                    .replace("\u2028", "\\u2028")
                    .replace("\u2029", "\\u2029");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
