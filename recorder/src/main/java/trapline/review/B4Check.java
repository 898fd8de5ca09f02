package trapline.review;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trapline.cli.Words;

/** A report in the check protocol of {@code b4 review}: an array of {@code tool}, {@code status}, {@code summary}, {@code details}. */
public final class B4Check {

    private B4Check() {}

    /**
     * The array.
     *
     * @param mail the whole answer, for the details
     */
    public static List<Map<String, Object>> of(Report report, String mail) {
        List<Map<String, Object>> results = new ArrayList<>();
        results.add(result("trapline scenarios", scenarios(report), scenariosSummary(report), mail));
        if (report.swept().scenarios() > 0) {
            results.add(result("trapline windows", report.opened().isEmpty() ? "pass" : "fail", windows(report), mail));
        }
        return results;
    }

    private static String scenarios(Report report) {
        boolean judged = report.rows().stream().anyMatch(Row::judged)
                && report.troubled().isEmpty();
        return !report.findings().isEmpty() ? "fail" : judged ? "pass" : "warn";
    }

    private static String scenariosSummary(Report report) {
        int worse =
                report.findings().stream().mapToInt(f -> f.scenarios().size()).sum();
        String of = " of " + report.rows().size() + " scenarios against "
                + report.base().name();
        return report.findings().isEmpty()
                ? "nothing worse in any" + of
                : Words.count(report.findings().size(), "cause", "causes") + ", worse in " + worse + of;
    }

    private static String windows(Report report) {
        return report.opened().isEmpty()
                ? "no window opened in " + report.swept().runs() + " runs"
                : Words.count(report.opened().size(), "window", "windows") + " opened, first at "
                        + report.opened().get(0).line();
    }

    private static Map<String, Object> result(String tool, String status, String summary, String details) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("tool", tool);
        result.put("status", status);
        result.put("summary", summary);
        result.put("details", details);
        return result;
    }
}
