package trapline.review;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import trapline.explore.Outcome;

/** A report as JSON, SARIF 2.1.0 and JUnit XML. */
public final class ReportFiles {

    private ReportFiles() {}

    /** The JSON document, without its version. */
    public static Map<String, Object> json(Report report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("base", report.base().name());
        document.put("new", report.now().name());
        document.put("compiler", report.now().compiler());
        document.put("worse", report.worse());
        document.put("unchanged", report.unchanged());
        document.put("scenarios", report.rows().stream().map(ReportFiles::row).toList());
        document.put("findings", report.findings());
        document.put("windows", report.windows());
        document.put("latencies", report.latencies());
        document.put("swept", report.swept());
        return document;
    }

    private static Map<String, Object> row(Row row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("scenario", row.name());
        map.put("change", change(row));
        map.put("base", checks(row.old()));
        map.put("new", checks(row.now()));
        map.put("detail", row.trouble());
        return map;
    }

    /** One word for what became of a scenario. */
    static String change(Row row) {
        if (!row.trouble().isEmpty()) {
            return "not run";
        }
        boolean worse = !row.worse().isEmpty();
        boolean better = !row.better().isEmpty();
        return worse && better ? "differs" : worse ? "worse" : better ? "better" : row.judged() ? "same" : "not judged";
    }

    private static List<String> checks(@Nullable Outcome outcome) {
        return outcome == null
                ? List.of()
                : outcome.wrong().stream().map(Outcome.Failure::check).toList();
    }

    /** The SARIF document: findings and opened windows are new, what the base has too is unchanged. */
    public static Map<String, Object> sarif(Report report, String version) {
        List<Object> results = new ArrayList<>();
        TreeSet<String> rules = new TreeSet<>();
        for (Finding finding : report.findings()) {
            Outcome.Failure first = finding.wrong().get(0);
            rules.add(first.check());
            results.add(
                    result(first.check(), finding.line(), finding.scenarios().get(0) + ": " + first.sentence(), "new"));
        }
        for (WindowShift window : report.windows()) {
            rules.add(window.checks().get(0));
            String text = window.stimulus() + " at step " + window.step() + " of " + window.scenario() + ": "
                    + window.sentence();
            results.add(result(window.checks().get(0), window.line(), text, window.opened() ? "new" : "absent"));
        }
        for (Row row : report.known()) {
            for (Outcome.Failure failure : row.known()) {
                rules.add(failure.check());
                results.add(result(failure.check(), "", row.name() + ": " + failure.sentence(), "unchanged"));
            }
        }
        Map<String, Object> driver = new LinkedHashMap<>();
        driver.put("name", "trapline review");
        driver.put("version", version);
        driver.put("rules", rules.stream().map(id -> Map.of("id", id)).toList());
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("tool", Map.of("driver", driver));
        run.put("results", results);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        document.put("version", "2.1.0");
        document.put("runs", List.of(run));
        return document;
    }

    private static Map<String, Object> result(String rule, String line, String text, String state) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ruleId", rule);
        result.put("level", state.equals("new") ? "error" : "note");
        result.put("message", Map.of("text", text));
        result.put("baselineState", state);
        int colon = line.lastIndexOf(':');
        if (colon > 0) {
            Map<String, Object> physical = new LinkedHashMap<>();
            physical.put("artifactLocation", Map.of("uri", line.substring(0, colon)));
            physical.put("region", Map.of("startLine", Integer.parseInt(line.substring(colon + 1))));
            result.put("locations", List.of(Map.of("physicalLocation", physical)));
        }
        return result;
    }

    /** JUnit XML: a case for each scenario; what is worse is a failure, what could not run an error. */
    public static String junit(Report report) {
        StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        long worse = report.rows().stream().filter(r -> !r.worse().isEmpty()).count();
        String suite = report.now().name() + " against " + report.base().name();
        out.append(String.format(
                "<testsuites name=\"trapline review\">%n  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\">%n",
                Xml.escape(suite),
                report.rows().size() + report.opened().size(),
                worse + report.opened().size(),
                report.troubled().size()));
        for (Row row : report.rows()) {
            String failure = row.worse().isEmpty()
                    ? ""
                    : "<failure message=\"" + Xml.escape(row.worse().get(0).sentence()) + "\"/>";
            String error = row.trouble().isEmpty() ? "" : "<error message=\"" + Xml.escape(row.trouble()) + "\"/>";
            testcase(out, "scenario", row.name(), failure + error);
        }
        for (WindowShift window : report.opened()) {
            String name = window.stimulus() + " at " + window.line() + " in " + window.scenario();
            testcase(out, "window", name, "<failure message=\"" + Xml.escape(window.sentence()) + "\"/>");
        }
        return out.append("  </testsuite>\n</testsuites>\n").toString().replace("\r\n", "\n");
    }

    private static void testcase(StringBuilder out, String kind, String name, String content) {
        out.append("    <testcase classname=\"")
                .append(kind)
                .append("\" name=\"")
                .append(Xml.escape(name));
        out.append(content.isEmpty() ? "\"/>\n" : "\">" + content + "</testcase>\n");
    }
}
