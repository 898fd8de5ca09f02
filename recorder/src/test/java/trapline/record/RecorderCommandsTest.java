package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import trapline.analyze.Console;
import trapline.analyze.ExitCode;
import trapline.analyze.Tool;

class RecorderCommandsTest {
    @Test
    void helpCanBePrintedForAllCommands() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = Console.plain(new PrintStream(out, false, StandardCharsets.UTF_8), System.err);
        assertThat(new Tool("trapline", "Tests.", RecorderCommands.table(), console).run("--help"))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: trapline");
    }
}
