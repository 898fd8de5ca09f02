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
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import trapline.diff.Code;
import trapline.diff.RunDiff;
import trapline.events.Visible;
import trapline.journal.Journal;

/** The page: one or two runs as a single file that loads nothing. */
public final class ReportPage {

    /** A page that is larger is no page to mail. */
    private static final int PAGE_BYTES_MAX = 2_000_000;

    /** Room for packed events that is tried first; what else is in a page seldom needs the rest. */
    private static final int EVENT_CHARACTERS_MAX = 1_600_000;

    /** With less than this a page would show no event. */
    private static final int EVENT_CHARACTERS_MIN = 25_000;

    private static final List<String> SCRIPTS =
            List.of("data.js", "words.js", "state.js", "lanes.js", "timeline.js", "draw.js", "details.js", "page.js");
    private static final Pattern PLACE = Pattern.compile("@[a-z]+@");

    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportPage() {}

    /**
     * A page.
     *
     * @param html the text of an HTML file
     * @param whole whether no event of any run is missing
     */
    public record Made(String html, boolean whole) {}

    /**
     * The page of one run.
     *
     * @param journal an open journal
     * @param code the code of its guest
     * @return the page
     * @throws IOException if the journal cannot be read
     */
    public static Made of(Journal journal, Code code) throws IOException {
        return page(List.of(Run.of(journal, "", code)), "");
    }

    /**
     * The page of two runs, compared.
     *
     * @param a an open journal
     * @param b another
     * @param code finds the code of a journal's guest
     * @return the page
     * @throws IOException if a journal cannot be read
     */
    public static Made of(Journal a, Journal b, Code.Finder code) throws IOException {
        Run runA = Run.of(a, "A", code.of(a));
        Run runB = Run.of(b, "B", code.of(b));
        String diff = new DiffSection(runA, runB, RunDiff.of(a, b, Set.of(), code)).html();
        return page(List.of(runA, runB), diff);
    }

    /** The page with as many events as fit. */
    private static Made page(List<Run> runs, String diff) throws IOException {
        boolean whole = runs.stream().allMatch(run -> run.overview().gaps().isEmpty());
        for (int room = EVENT_CHARACTERS_MAX / runs.size(); ; room /= 2) {
            String page = page(runs, diff, room);
            if (room < EVENT_CHARACTERS_MIN || page.getBytes(StandardCharsets.UTF_8).length < PAGE_BYTES_MAX) {
                return new Made(page, whole);
            }
        }
    }

    private static String page(List<Run> runs, String diff, int charactersMax) throws IOException {
        String style = Resources.text("report.css");
        StringBuilder script = new StringBuilder("(() => {\n'use strict';\n");
        SCRIPTS.forEach(name -> script.append(Resources.text(name)));
        script.append("})();\n");
        List<RunSections> sections = runs.stream().map(RunSections::new).toList();
        List<String> titles = sections.stream().map(RunSections::title).toList();
        List<RunData> data = new ArrayList<>();
        for (Run run : runs) {
            data.add(run.data(charactersMax));
        }
        return filled(
                Resources.text("page.html"),
                Map.of(
                        "@policy@", policy(style, script.toString()),
                        "@title@", Html.escape(String.join(" / ", titles)),
                        "@style@", style,
                        "@body@", body(runs, sections, diff),
                        "@data@", json(data),
                        "@script@", script.toString()));
    }

    /** The template with its places filled, in one pass: what is put in is not looked at again. */
    private static String filled(String template, Map<String, String> places) {
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(places.getOrDefault(place.group(), place.group())));
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
            out.append(sections.get(i).chips()).append(sections.get(i).notices());
        }
        out.append("</header><main>");
        if (!diff.isEmpty()) {
            section(out, "differences", "Where they part", diff);
        }
        section(
                out,
                "verdicts",
                "Verdicts",
                (runs.size() == 2 ? new BothVerdicts(runs.get(0), runs.get(1)).html() : "")
                        + join(sections.stream().map(RunSections::verdicts).toList()));
        section(
                out,
                "timeline",
                "Timeline",
                join(sections.stream().map(RunSections::timeline).toList()));
        section(out, "latencies", "Latencies", latencies(runs));
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

    /** Of two runs side by side, or one after the other if they do not count the same. */
    private static String latencies(List<Run> runs) {
        long units = runs.stream().map(run -> run.latencies().unit()).distinct().count();
        return units == 1
                ? new LatencySection(runs).html()
                : join(runs.stream()
                        .map(run -> "<h3>" + run.label() + "</h3>" + new LatencySection(List.of(run)).html())
                        .toList());
    }

    private static String join(List<String> parts) {
        return String.join("", parts);
    }

    private static void section(StringBuilder out, String id, String heading, String content) {
        out.append("<section class=\"part\" id=\"" + id + "\" aria-labelledby=\"" + id + "-heading\"><h2 id=\"" + id
                + "-heading\">" + heading + "</h2>" + content + "</section>");
    }

    private static String json(List<RunData> data) {
        try {
            // A script element ends at its end tag wherever that stands, also inside of a JSON text.
            return Visible.line(JSON.writeValueAsString(data)).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
