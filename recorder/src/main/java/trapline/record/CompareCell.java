package trapline.record;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One run of a matrix: one scenario under one flow.
 *
 * @param scenario name
 * @param flow name
 * @param verdict the worst of all checks: {@code FAIL}, {@code UNKNOWN}, {@code PASS}, or {@code NOT_EXERCISED}
 * @param outcome how the run ended, in one word: {@code ok}, {@code exit N}, {@code bug}, {@code die}, or the reason of
 *     the halt
 * @param exitCode the guest's exit code
 * @param warns warnings of the guest kernel
 * @param bugs BUG() hits of the guest kernel
 * @param dies times the guest kernel died
 * @param checks verdict of each check, by its id
 * @param events number of events
 * @param steps retired instructions
 * @param detail what else there is to say; empty if nothing
 */
record CompareCell(
        String scenario,
        String flow,
        String verdict,
        String outcome,
        long exitCode,
        int warns,
        int bugs,
        int dies,
        Map<String, String> checks,
        long events,
        long steps,
        String detail) {

    /** Ids of the checks that fail, and of what the kernel itself complains of. */
    Set<String> wrong() {
        Set<String> wrong = new LinkedHashSet<>();
        checks.forEach((id, judged) -> {
            if (judged.equals("FAIL")) {
                wrong.add(id);
            }
        });
        if (!outcome.equals("ok")) {
            wrong.add(outcome);
        }
        if (warns > 0) {
            wrong.add("warn");
        }
        return wrong;
    }

    /** Whether something else goes wrong, or something could not be judged, than in another cell of the row. */
    boolean differsFrom(CompareCell other) {
        return !wrong().equals(other.wrong()) || verdict.equals("UNKNOWN") != other.verdict.equals("UNKNOWN");
    }

    /** Short form for a table. */
    String text() {
        String warned = warns > 0 ? "+warn" : "";
        String word = outcome.equals("ok") ? "" : " " + outcome;
        String judged = switch (verdict) {
            case "NOT_EXERCISED" -> "-";
            case "UNKNOWN" -> "?";
            default -> verdict.toLowerCase(java.util.Locale.ROOT);
        };
        return judged + word + warned;
    }
}
