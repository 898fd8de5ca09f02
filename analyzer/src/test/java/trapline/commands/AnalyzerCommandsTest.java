package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class AnalyzerCommandsTest {
    @Test
    void everyCommandIsEnteredUnderItsOwnNameAndDescribed() {
        AnalyzerCommands.table().makers().forEach((name, maker) -> {
            Command command = Objects.requireNonNull(maker.get().getClass().getAnnotation(Command.class));
            assertThat(command.name()).isEqualTo(name);
            assertThat(command.description()).as(name).isNotEmpty();
        });
    }
}
