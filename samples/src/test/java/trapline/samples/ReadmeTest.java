package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's worked example is what the program prints: each line {@code $ trapline …} of it is run, one after the
 * other in one directory, and what stands below it must come, on either stream. A line {@code ...} leaves lines out.
 */
class ReadmeTest {

    private static final String PROMPT = "    $ trapline ";
    private static final String GAP = "...";

    @TempDir
    private Path directory;

    /** A command with the output that the README shows. */
    private record Example(String arguments, List<String> shown) {}

    private static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("../README.md"))) {
            if (line.startsWith(PROMPT)) {
                examples.add(new Example(line.substring(PROMPT.length()), new ArrayList<>()));
                inside = true;
            } else if (inside && line.startsWith("    ")) {
                examples.get(examples.size() - 1).shown().add(line.substring(4));
            } else {
                inside &= line.isEmpty();
            }
        }
        return examples;
    }

    @Test
    void theExampleIsWhatTheProgramPrints() throws IOException, InterruptedException {
        List<Example> examples = examples();
        assertThat(examples).isNotEmpty();
        for (Example example : examples) {
            Executable.Result result =
                    Executable.trapline(directory).run(example.arguments().split(" +", -1));
            List<String> printed = (result.out() + result.err()).lines().toList();
            int at = 0;
            boolean gap = true;
            for (String line : example.shown()) {
                if (line.strip().equals(GAP)) {
                    gap = true;
                    continue;
                }
                int found = at;
                while (gap && found < printed.size() && !printed.get(found).equals(line)) {
                    found++;
                }
                assertThat(found < printed.size() ? printed.get(found) : "(end of output)")
                        .as("trapline %s%n%s", example.arguments(), String.join("\n", printed))
                        .isEqualTo(line);
                at = found + 1;
                gap = false;
            }
        }
    }
}
