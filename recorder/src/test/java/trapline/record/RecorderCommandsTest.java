package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.cli.ExitCode;

class RecorderCommandsTest {
    @Test
    void helpCanBePrintedForAllCommands() {
        CapturedTrapline trapline = new CapturedTrapline();
        assertThat(trapline.run("--help")).isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.out()).contains("Usage: trapline");
    }
}
