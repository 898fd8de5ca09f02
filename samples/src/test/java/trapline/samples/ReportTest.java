package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.commands.AnalyzerMain;

/** Reports of recorded runs, of their bundles and slices, alone and compared. */
class ReportTest {

    @TempDir
    Path folder;

    private String journal = "";

    @BeforeEach
    void record() {
        journal = file("d2.journal");
        assertThat(trapline("record", "d2", "--flow", "linux-2.6.24", "-o", journal))
                .isEqualTo(ExitCode.CLEAN);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static ExitCode trapline(String... args) {
        return new CapturedTrapline().run(args);
    }

    private static ExitCode analyzer(String... args) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return AnalyzerMain.tool(Console.plain(nowhere, nowhere)).run(args);
    }

    private JsonNode data(String name) throws IOException {
        String page = Files.readString(folder.resolve(name));
        String begin = "<script type=\"application/json\" id=\"data\">";
        int from = page.indexOf(begin) + begin.length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    private static String inflated(JsonNode base64) throws IOException {
        byte[] bytes = Base64.getDecoder().decode(base64.asText());
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes), new Inflater(true))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void instructionsStandInThePageWhereTheGuestIsKnown() throws IOException {
        assertThat(trapline("report", journal, "-o", file("page.html"))).isEqualTo(ExitCode.CLEAN);
        JsonNode code = data("page.html").get(0).path("code");
        assertThat(code.path("absence").asText()).isEmpty();
        assertThat(inflated(code.path("lines")))
                .containsPattern("\tpush %ebp\tlinux-2\\.6\\.24\\.c:\\d+\n")
                .containsPattern("\tiret\t")
                .doesNotContain("(bad)");
        assertThat(analyzer("report", journal, "-o", file("alone.html"))).isEqualTo(ExitCode.CLEAN);
        JsonNode alone = data("alone.html").get(0).path("code");
        assertThat(alone.path("absence").asText()).contains("trapline-analyzer has no guests");
        assertThat(alone.path("lines").asText()).isEmpty();
    }

    @Test
    void aDifferenceShowsTheCodeOfBothSides() throws IOException {
        assertThat(trapline("record", "d2", "--flow", "review-b", "-o", file("b.journal")))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(trapline("report", journal, file("b.journal"), "-o", file("page.html")))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(Files.readString(folder.resolve("page.html")))
                .contains("Code of A where the flags are made", "Code of B where the flags are made")
                .containsPattern("aria-current=\"true\"><th scope=\"row\">\\+0x[0-9a-f]+</th><td><code>[a-z]+ ")
                .containsPattern("[a-z0-9.-]+\\.[chS]:\\d+</td>");
    }

    @Test
    void aBundleGivesThePageOfItsJournal() throws IOException {
        assertThat(trapline("bundle", journal, "-o", file("d2.trap"))).isEqualTo(ExitCode.CLEAN);
        trapline("report", journal, "-o", file("a.html"));
        assertThat(trapline("report", file("d2.trap"), "-o", file("b.html"))).isEqualTo(ExitCode.CLEAN);
        assertThat(folder.resolve("b.html")).hasSameTextualContentAs(folder.resolve("a.html"));
        assertThat(trapline("report", journal, file("d2.trap"), "-o", file("both.html")))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(Files.readString(folder.resolve("both.html"))).contains("Both runs do the same.");
    }

    @Test
    void aSliceSaysWhatIsLeftOutAndPassesNothing() throws IOException {
        String longer = file("long.journal");
        assertThat(trapline("record", "pounding", "--set", "variables.rounds=2000", "-o", longer))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(trapline("bundle", longer, "--around", "900000", "-o", file("slice.trap")))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(trapline("report", file("slice.trap"), "-o", file("slice.html")))
                .isEqualTo(ExitCode.LOSSY);
        assertThat(Files.readString(folder.resolve("slice.html")))
                .contains("events are missing in 2 places (left out of this slice)")
                .contains("<span class=\"verdict UNKNOWN\">")
                .doesNotContain("<span class=\"verdict PASS\">");
        assertThat(data("slice.html").get(0).path("windows")).isNotEmpty();
    }
}
