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

    /** Adds the failures of a journal. */
    public void add(JournalVerdicts verdicts) {
        Map<String, Finding> first = new TreeMap<>();
        for (CheckResult result : verdicts.results()) {
            for (Finding finding : result.findings()) {
                first.putIfAbsent(finding.signature(), finding);
            }
        }
        first.forEach((signature, finding) -> add(signature, finding, verdicts));
    }

    private void add(String signature, Finding finding, JournalVerdicts verdicts) {
        String key = groups.containsKey(signature) || groups.size() < GROUPS_MAX ? signature : OTHERS;
        Group now = new Group(
                key, 1, verdicts.path(), verdicts.events(), finding.event().step(), finding.sentence());
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
