package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.cli.ExitCode;

/** Two CPUs under each policy: the seed decides the journal, and nothing else does. */
class ScheduleDigestTest {
    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();
    private int runs;

    private String digest(String kind, int seed) throws Exception {
        List<String> words = new ArrayList<>(List.of("record", "scenarios/test-register-stress.yaml", "--json"));
        words.addAll(List.of("-o", folder.resolve(runs++ + ".journal").toString()));
        words.addAll(List.of("--set", "schedule.kind=" + kind, "--set", "schedule.quantum=50"));
        words.addAll(List.of("--set", "limits.instructions=60000", "--seed", String.valueOf(seed)));
        if (kind.equals("pct")) { // change points all over the run, not only while one CPU boots
            words.addAll(List.of("--set", "schedule.length=60000", "--set", "schedule.changes=10"));
        }
        ExitCode exit = trapline.run(words.toArray(String[]::new));
        assertThat(exit).as("%s", trapline.err()).isIn(ExitCode.CLEAN, ExitCode.LOSSY);
        return Recorded.json(trapline.out()).get("digest").asText();
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "pct"})
    void seededPoliciesFollowTheSeed(String kind) throws Exception {
        String one = digest(kind, 1);
        assertThat(digest(kind, 1)).isEqualTo(one);
        assertThat(digest(kind, 2)).isNotEqualTo(one);
        assertThat(digest(kind, 3)).isNotEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "explicit"})
    void theOthersIgnoreIt(String kind) throws Exception {
        String one = digest(kind, 1);
        assertThat(digest(kind, 1)).isEqualTo(one);
        assertThat(digest(kind, 2)).isEqualTo(one);
    }
}
