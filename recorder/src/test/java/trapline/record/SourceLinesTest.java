package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;
import trapline.scenario.Catalogue;

/** What the tool says of an instruction names the C line that it was compiled from. */
class SourceLinesTest {

    private static final String LINE = "patch-2008-01-01\\.c:[0-9]+";

    @TempDir
    private Path directory;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private String recorded(String flow) {
        String journal = directory.resolve("j.journal").toString();
        assertThat(trapline.run("record", "nmi-during-step", "--flow", flow, "-o", journal))
                .as(trapline.err())
                .isEqualTo(ExitCode.CLEAN);
        return journal;
    }

    private String printed(String... words) {
        trapline.run(words);
        return trapline.out();
    }

    @Test
    void inEveryForm() {
        String journal = recorded("patch-2008-01-01");
        assertThat(printed("check", journal)).containsPattern("in kprobe_handler\\+0x84 \\(" + LINE + "\\)");
        assertThat(printed("check", "--json", journal)).containsPattern("\"source\" : \"" + LINE + "\"");
        assertThat(printed("check", "--format", "ktap", journal))
                .containsPattern("kprobe_handler\\+0x84 \\(" + LINE + "\\)");
        assertThat(printed("check", "--format", "sarif", journal))
                .containsPattern(
                        "\"uri\" : \"patch-2008-01-01.c\",\\s*\"uriBaseId\" : \"GUEST\"\\s*},\\s*\"region\" : \\{"
                                + "\\s*\"startLine\" : [0-9]+");
        assertThat(printed("show", "--kind", "kprobe_status", "--json", journal))
                .containsPattern("\"source\":\"[a-z0-9.-]+:[0-9]+\"");
        assertThat(printed("show", "--kind", "kprobe_status", journal))
                .containsPattern("; (\\S+ \\()?\\S+\\.[ch]:[0-9]+");
        assertThat(printed("blame", "--at", "7688", "--what", "status", journal))
                .containsPattern("; \\S+\\.[ch]:[0-9]+");
        assertThat(printed("replay", "--at", "7688", journal)).containsPattern("; die\\S* \\(\\S+\\.[ch]:[0-9]+\\)");
        assertThat(printed(
                        "record", "nmi-during-step", "--flow", "patch-2008-01-01", "--check", "--force", "-o", journal))
                .containsPattern("in kprobe_handler\\+0x84 \\(" + LINE + "\\)");
    }

    @Test
    void ofAFlowThatTheJournalCarries() throws Exception {
        Path flow = directory.resolve("mine.o");
        Files.write(flow, Objects.requireNonNull(Catalogue.find("guest/flows/patch-2008-01-01.o")));
        String journal = recorded(flow.toString());
        assertThat(printed("check", journal)).containsPattern("in kprobe_handler\\+0x84 \\(" + LINE + "\\)");
        Files.delete(Path.of(journal, "guest/flows/mine.o"));
        assertThat(printed("check", journal)).contains("in kprobe_handler+0x84").doesNotContain(".c:");
    }
}
