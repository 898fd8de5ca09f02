package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;

/** Events as JSON lines, for jq: names instead of indices, addresses as strings, and a head that says what they are. */
class ShowJsonTest {

    @TempDir
    private Path directory;

    private final List<JsonNode> lines = new ArrayList<>();

    private void show(String trace) throws IOException {
        CapturedAnalyzer analyzer = new CapturedAnalyzer();
        Path journal = TraceJournals.write(trace, directory);
        assertThat(analyzer.run("show", "--json", journal.toString())).isEqualTo(ExitCode.CLEAN);
        for (String line : analyzer.out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
    }

    private JsonNode first(String kind) {
        return lines.stream()
                .filter(line -> line.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow()
                .get("fields");
    }

    @Test
    void theFirstLineSaysWhatTheOthersAre() throws IOException {
        show("golden.t1");
        assertThat(lines.get(0).get("schemaVersion").asInt()).isEqualTo(2);
        assertThat(lines.get(0).get("clock").asText()).isNotEmpty();
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.has("ordinal"));
    }

    @Test
    void variablesFunctionsAndStatusesAreNamed() throws IOException {
        show("golden.t1");
        assertThat(first("kprobe_status").get("variable").asText()).isEqualTo("kprobe_status");
        assertThat(first("kprobe_status").get("new").asText()).isEqualTo("ACTIVE");
        assertThat(first("call_entry").get("function").asText()).isNotBlank().doesNotMatch("\\d+");
    }

    @Test
    void bitPatternsAreStringsAndCountsAreNumbers() throws IOException {
        show("golden.t1");
        assertThat(first("trap_entry").get("vector").isNumber()).isTrue();
        assertThat(first("trap_entry").get("eflags").asText()).startsWith("0x");
    }
}
