package trapline.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AnalyzerMainTest {
    @Test
    void anUnknownOptionIsAUsageError() {
        assertThat(new CommandLine(new AnalyzerMain()).execute("--no-such-option"))
                .isEqualTo(2);
    }
}
