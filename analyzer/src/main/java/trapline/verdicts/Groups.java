package trapline.verdicts;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import trapline.checks.CheckResult;
import trapline.checks.Finding;

/** Equal failures taken together: how often each occurred, and the smallest journal that shows it. */
public final class Groups {

    /** Groups that are kept; failures of further signatures are counted in one group of their own. */
    static final int GROUPS_MAX = 1000;

    private static final String OTHERS = "(further signatures)";

    private final Map<String, Group> groups = new TreeMap<>();

    /**
     * Failures of one signature.
     *
     * @param signature check, function and probe
     * @param journals number of journals that show it
     * @param example the journal with the fewest events that shows it
     * @param events number of its events
     * @param step of the finding in that journal
     * @param sentence of the finding in that journal
     */
    public record Group(String signature, long journals, String example, long events, long step, String sentence) {}

    /**
     * A signature that a journal shows.
     *
     * @param signature check, function and probe
     * @param journal where it is
     * @param events number of the journal's events
     * @param step of its first finding
     * @param sentence of its first finding
     */
    public record Failure(String signature, String journal, long events, long step, String sentence) {}

    /** The failures of a journal, one for each signature, in the order of these. */
    public static List<Failure> failures(JournalVerdicts verdicts) {
        Map<String, Finding> first = new TreeMap<>();
        for (CheckResult result : verdicts.results()) {
            for (Finding finding : result.findings()) {
                first.putIfAbsent(finding.signature(), finding);
            }
        }
        return first.values().stream()
                .map(f -> new Failure(
                        f.signature(),
                        verdicts.path(),
                        verdicts.events(),
                        f.event().step(),
                        f.sentence()))
                .toList();
    }

    /** Adds the failures of a journal. */
    public void add(JournalVerdicts verdicts) {
        failures(verdicts).forEach(this::add);
    }

    /** Adds a failure. */
    public void add(Failure failure) {
        String signature = failure.signature();
        String key = groups.containsKey(signature) || groups.size() < GROUPS_MAX ? signature : OTHERS;
        Group now = new Group(key, 1, failure.journal(), failure.events(), failure.step(), failure.sentence());
        groups.merge(key, now, (old, added) -> {
            Group smaller = added.events() < old.events() ? added : old;
            return new Group(
                    key, old.journals() + 1, smaller.example(), smaller.events(), smaller.step(), smaller.sentence());
        });
    }

    /** The groups, the most frequent first. */
    public List<Group> all() {
        return groups.values().stream()
                .sorted((a, b) -> a.journals() != b.journals()
                        ? Long.compare(b.journals(), a.journals())
                        : a.signature().compareTo(b.signature()))
                .toList();
    }
}
