package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TraplineMainTest {
    @Test
    void anUnknownOptionIsAUsageError() {
        assertThat(new CommandLine(new TraplineMain()).execute("--no-such-option"))
                .isEqualTo(2);
    }
}
