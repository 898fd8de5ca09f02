package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.cli.ExitCode;

class RecorderCommandsTest {
    @Test
    void helpCanBePrintedForAllCommands() {
        CapturedTrapline trapline = new CapturedTrapline();
        assertThat(trapline.run("--help")).isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.out()).contains("Usage: trapline");
    }

    @ParameterizedTest
    @CsvSource({
        "record plain-prob, plain-probe",
        "compare plain-prob --flows linux-2.6.24, plain-probe",
        "record plain-probe --flow linux-2.6.24x, linux-2.6.24",
        "record plain-probe --workload plain-prob, plain-probe",
        "show --kind trap_entri x, trap_entry",
        "check --monitor single-step x, single_step",
        "man chek, check",
        "flows --source linux-2.6.25x, linux-2.6.25"
    })
    void aSlipInANameIsWrongUseAndSaysWhatMayHaveBeenMeant(String words, String meant) {
        CapturedTrapline trapline = new CapturedTrapline();
        assertThat(trapline.run(words.split(" ", -1))).as(words).isEqualTo(ExitCode.USAGE);
        assertThat(trapline.err()).contains("did you mean '" + meant + "'?").hasLineCount(1);
    }

    @Test
    void aPathThatIsNotThereIsUnreadable() {
        CapturedTrapline trapline = new CapturedTrapline();
        for (String missing : List.of("./plain-probe", "plain-probe.yaml", "/no/such/plain-probe")) {
            assertThat(trapline.run("record", missing)).as(missing).isEqualTo(ExitCode.UNREADABLE);
        }
    }
}
