package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a probe was missed is said in words, where it was. */
class MissesTest {

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    @ParameterizedTest
    @CsvSource({
        "reenter-in-pre-handler, linux-2.6.24, p2 missed 3: in p1's pre_handler (3)",
        "reenter-in-post-handler, linux-2.6.24, p2 missed 2: in p1's post_handler (2)",
        "nmi-during-step, linux-2.6.24, p2 missed 1: NMI during p1's step (1)",
        "test-kretprobe-data, linux-2.6.24, rp missed 3: no free instance (3)",
    })
    void theReasonsStandAtTheEnd(String scenario, String flow, String line) {
        String journal = folder.resolve("x.journal").toString();
        trapline.run("record", scenario, "--flow", flow, "--check", "-o", journal);
        assertThat(trapline.out()).contains("\n  " + line + "\n");
        trapline.run("check", journal);
        assertThat(trapline.out()).contains("\n  " + line + "\n");
        trapline.run("check", "--json", journal);
        assertThat(trapline.out()).contains(line);
    }

    @ParameterizedTest
    @CsvSource({"plain-probe"})
    void nothingIsSaidWhereNothingWasMissed(String scenario) {
        trapline.run(
                "record", scenario, "--check", "-o", folder.resolve("x.journal").toString());
        assertThat(trapline.out()).doesNotContain(" missed ");
    }
}
