package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;

/** The same stimulus at every instruction: what is found, what cannot come, and what is refused. */
class WindowsCommandTest {

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private List<String> states(int flow) throws Exception {
        List<String> states = new ArrayList<>();
        for (JsonNode line : new ObjectMapper().readTree(trapline.out()).get("lines")) {
            for (JsonNode cell : line.get("cells")) {
                if (cell.get("flow").asInt() == flow) {
                    states.add(cell.get("state").asText());
                }
            }
        }
        return states;
    }

    /** Row D7 from the bare workload: the NMI of the scenario is left out, and found again. */
    @Test
    void thePostedPatchOpensWindowsForAnNmiThatTheOldHandlerDoesNotHave() throws Exception {
        Path page = folder.resolve("d7.html");
        ExitCode code = trapline.run(
                "windows",
                "d7",
                "--flow",
                "linux-2.6.24,patch-2008-01-01",
                "--inject",
                "nmi",
                "--json",
                "-o",
                page.toString());
        assertThat(code).isEqualTo(ExitCode.FINDING);
        assertThat(states(1)).contains("OPENED_IN_UNTOUCHED_CODE", "SAFE", "NOT_REACHED");
        assertThat(trapline.out()).contains("the kernel dies: int3");
        assertThat(Files.readString(page))
                .contains("<!doctype html>")
                .doesNotContain("http://")
                .doesNotContain("@DATA@");
    }

    @Test
    void aHandlerAgainstItselfHasNothingNew() throws Exception {
        ExitCode code =
                trapline.run("windows", "d7", "--flow", "linux-2.6.24,linux-2.6.24", "--inject", "nmi", "--json");
        assertThat(code).isEqualTo(ExitCode.CLEAN);
        assertThat(states(1)).noneMatch(state -> state.startsWith("OPENED"));
    }

    /** Row D4r and bug 48c from the bare workload: another CPU unregisters between the two reads. */
    @Test
    void theOtherCpusTurnIsAStimulusToo() throws Exception {
        assertThat(trapline.run(
                        "windows",
                        "d4r",
                        "--flow",
                        "linux-2.6.24,linux-2.6.25-merge",
                        "--inject",
                        "unregister",
                        "--json"))
                .isEqualTo(ExitCode.FINDING);
        assertThat(states(0)).doesNotContain("OPEN", "CLOSED");
    }

    /** The handler runs with IF clear. */
    @Test
    void whatCannotComeIsSaidAndIsNotGreen() throws Exception {
        assertThat(trapline.run("windows", "d7", "--inject", "irq:0x30", "--json"))
                .isEqualTo(ExitCode.LOSSY);
        assertThat(states(0)).contains("IMPOSSIBLE").doesNotContain("SAFE");
        assertThat(trapline.out()).contains("interrupts are off");
    }

    @Test
    void wrongUseIsOneLine() throws Exception {
        assertThat(trapline.run("windows", "d7", "--inject", "lightning")).isEqualTo(ExitCode.USAGE);
        assertThat(trapline.err()).contains("--inject lightning: there are nmi, irq:VECTOR");
        assertThat(trapline.run("windows", "d7", "--inject", "irq:3")).isEqualTo(ExitCode.USAGE);
        assertThat(trapline.run("windows", "d7", "--inject", "nmi", "--flow", "a,b,c"))
                .isEqualTo(ExitCode.USAGE);
    }
}
