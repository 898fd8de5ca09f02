package trapline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Progress progress(boolean terminal, long total) {
        PrintStream stream = VisibleOutput.messages(err);
        return new Progress(new Console(stream, stream, false, terminal, false, 80), total);
    }

    private String drawn() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aTerminalSeesABarWithRateAndTimeLeft() {
        Progress progress = progress(true, 4);
        progress.add(1_000_000);
        assertThat(drawn())
                .matches("\r\\[#{6}\\.{18}] 1/4 journals {2}[0-9.]+ M events/s {2}[0-9]+:[0-9]{2} left\u001b\\[K");
    }

    @Test
    void whatIsPrintedBetweenFindsTheLineEmptyAndTheBarComesBack() {
        Progress progress = progress(true, 4);
        progress.add(1);
        err.reset();
        progress.end();
        assertThat(drawn()).isEqualTo("\r\u001b[K");
        progress.end();
        assertThat(drawn()).isEqualTo("\r\u001b[K");
        progress.add(1);
        assertThat(drawn()).contains("2/4 journals");
    }

    @Test
    void aFileSeesNothingAndOneJournalNeedsNoBar() {
        Progress file = progress(false, 4);
        file.add(1);
        file.end();
        Progress one = progress(true, 1);
        one.add(1);
        one.end();
        assertThat(drawn()).isEmpty();
    }
}
