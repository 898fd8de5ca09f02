package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;

/** Races from the bare workload, what is made of them, and that the reduction finds what the whole space holds. */
class ExploreCommandTest {

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private ExitCode explore(String... args) {
        List<String> all = new ArrayList<>(List.of("explore", "--json"));
        all.addAll(List.of(args));
        return trapline.run(all.toArray(new String[0]));
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(trapline.out());
    }

    private Set<String> checks() throws Exception {
        Set<String> checks = new TreeSet<>();
        json().get("findings").forEach(finding -> finding.get("checks").forEach(id -> checks.add(id.asText())));
        return checks;
    }

    /** Row D4r: the scenario's own schedule is left out, and found again. */
    @Test
    void theReducedSearchFindsWhatAllSchedulesHold() throws Exception {
        String[] d4r = {"unregistered-between-reads", "--flow", "patch-2008-01-01", "--preemptions", "2", "--hold"};
        assertThat(explore(d4r)).isEqualTo(ExitCode.FINDING);
        assertThat(json().get("complete").asBoolean()).isTrue();
        final Set<String> reduced = checks();
        final int runs = json().get("runs").asInt();
        List<String> full = new ArrayList<>(List.of(d4r));
        full.add("--full");
        assertThat(explore(full.toArray(new String[0]))).isEqualTo(ExitCode.FINDING);
        assertThat(json().get("complete").asBoolean()).isTrue();
        assertThat(checks()).isEqualTo(reduced).contains("INT3-OWNERSHIP");
        assertThat(json().get("runs").asInt()).isGreaterThan(5 * runs);
    }

    @Test
    void aHandlerThatIsRightGetsItsBoundProved() throws Exception {
        assertThat(explore("byte-read-before-lookup", "--flow", "linux-2.6.24", "--preemptions", "2", "--hold"))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(json().get("bound").asText())
                .startsWith("all schedules with at most 2 preemptions")
                .endsWith("none goes wrong");
    }

    /** The finding stands by itself: scenario, recipe and journal are one run, and nothing of it can be left out. */
    @Test
    void aFindingIsMinimalAndCanBeRunAgain() throws Exception {
        String out = folder.resolve("found").toString();
        assertThat(explore(
                        "unregistered-between-reads",
                        "--flow",
                        "patch-2008-01-01",
                        "--preemptions",
                        "2",
                        "--hold",
                        "-o",
                        out))
                .isEqualTo(ExitCode.FINDING);
        JsonNode finding = json().get("findings").get(0);
        assertThat(finding.get("removals").asInt())
                .isEqualTo(finding.get("points").asInt());
        Path recipe = Files.writeString(
                folder.resolve("recipe.txt"), finding.get("recipe").asText());
        assertThat(Files.size(recipe)).isBetween(1L, 512L);
        assertThat(trapline.run("repro", recipe.toString())).isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.run("check", out + "/unregistered-between-reads-found-1.journal"))
                .isEqualTo(ExitCode.FINDING);
        assertThat(trapline.run("repro", out + "/unregistered-between-reads-found-1.journal"))
                .isEqualTo(ExitCode.CLEAN);
    }

    /** The same seeds are the same schedules, in whatever order threads come to them. */
    @Test
    void whatChanceFindsStandsBesideAndIsTheSameAgain() throws Exception {
        String[] args = {
            "unregistered-between-reads",
            "--flow",
            "patch-2008-01-01",
            "--preemptions",
            "0",
            "--samples",
            "40",
            "--seed",
            "30"
        };
        explore(args);
        JsonNode first = json().get("sampled");
        assertThat(first.get(0).get("strategy").asText()).isEqualTo("pct");
        assertThat(first.get(1).get("strategy").asText()).isEqualTo("random");
        assertThat(first.get(1).get("runs").asInt()).isEqualTo(40);
        assertThat(first.get(1).get("firstSeed").asInt()).isEqualTo(61);
        explore(args);
        assertThat(json().get("sampled")).isEqualTo(first);
    }

    @Test
    void aBudgetThatIsSpentIsSaid() throws Exception {
        assertThat(explore("byte-read-before-lookup", "--flow", "linux-2.6.24", "--hold", "--budget", "3-runs"))
                .isEqualTo(ExitCode.LOSSY);
        assertThat(json().get("bound").asText()).startsWith("budget spent before all ");
        assertThat(explore("plain-probe", "--budget", "soon")).isEqualTo(ExitCode.USAGE);
    }
}
