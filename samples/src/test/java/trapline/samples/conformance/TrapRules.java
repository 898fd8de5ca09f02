package trapline.samples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** {@code traps/rules.txt}: the trap rules, and which cases show each of them. */
final class TrapRules {
    private TrapRules() {}

    /**
     * One rule.
     *
     * @param name the rule in a few words
     * @param section where the manual has it
     * @param patterns regular expressions of names of cases
     */
    record Rule(String name, String section, List<String> patterns) {
        boolean covers(TrapCase test) {
            return patterns.stream().anyMatch(test.name::matches);
        }
    }

    static List<Rule> load() throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (String line : Files.readAllLines(TrapCorpus.FOLDER.resolve("rules.txt"))) {
            if (!line.startsWith("#") && !line.isBlank()) {
                // the patterns have bars of their own
                String[] columns = line.split(" \\| ", 3);
                rules.add(new Rule(
                        columns[0].trim(),
                        columns[1].trim(),
                        List.of(columns[2].trim().split(" +", -1))));
            }
        }
        return rules;
    }
}
