package trapline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;
import trapline.commands.CapturedAnalyzer;
import trapline.diff.Code;
import trapline.journal.Journal;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;

final class ReportPageTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    private static String page(Path path) throws IOException {
        try (Journal journal = Journal.open(path)) {
            return ReportPage.of(journal, Code.NONE).html();
        }
    }

    @Test
    void aPageHoldsVerdictsFindingsLatenciesAndTheRecipe() throws IOException {
        String page = page(Journals.write(directory, "TF-RESTORED.fail", "linux-2.6.24"));
        assertThat(page)
                .contains(
                        "<span class=\"verdict FAIL\">FAIL</span>", "TF-RESTORED", "class=\"finding\" id=\"finding-1\"")
                .contains("hit-stepped", "<svg ", "trapline-recipe 1 ", " digest=")
                .doesNotContain("@body@", "@data@", "@of@");
    }

    @Test
    void thePageLoadsNothing() throws IOException {
        String page = page(Journals.write(directory, "golden.t4", "linux-2.6.24"));
        assertThat(page)
                .doesNotContain("src=", "@import", "url(", "http:", "https:")
                .contains("default-src 'none'");
    }

    @Test
    void theSameJournalGivesTheSamePage() throws IOException {
        Path journal = Journals.write(directory, "golden.t8", "linux-2.6.24");
        assertThat(page(journal)).isEqualTo(page(journal));
    }

    @Test
    void textsOfAJournalStayTexts() throws IOException {
        EventTextFile hostile = EventTextFile.parse("""
                @symbol 1000+100 </script><script>alert(1)</script>
                      1  0   1000 mark    =0 "</script><img onerror=alert(1)>"
                      2  0   1004 halt    exit =0 ""
                """, "hostile");
        Path journal = Journals.write(
                directory.resolve("hostile.journal"), hostile, "<b onclick='x'>", "</title><script>", 1, 0);
        String page = page(journal);
        assertThat(page).doesNotContain("<script>alert", "<img onerror", "<b onclick", "</title><script>");
        assertThat(page.split("<script", -1)).hasSize(3);
    }

    @Test
    void aRunWithoutItsEndSaysSo() throws IOException {
        EventTextFile trace = Journals.trace("golden.t1");
        Path path = directory.resolve("open.journal");
        try (JournalWriter writer =
                JournalWriter.create(path, Journals.header(trace.tables(), "t1", "flow"), JournalOptions.DEFAULT)) {
            trace.events().forEach(writer::accept);
        }
        assertThat(page(path))
                .contains("not closed: the end of the run is missing")
                .contains("<span class=\"verdict UNKNOWN\">UNKNOWN</span>")
                .doesNotContain("<span class=\"verdict PASS\">");
    }

    @Test
    void whatIsMissingIsSaidAtTheTopAndInTheExitCode() throws IOException {
        EventTextFile trace = EventTextFile.parse("""
                      1  0   1000 eflags  2>202 sti_cli
                      5  0      0 lost    17 until 400 "damaged block 3"
                    500  0   1004 halt    exit =0 ""
                """, "lossy");
        Path journal = Journals.write(directory.resolve("lossy.journal"), trace, "lossy", "flow", 1, 0);
        Path file = directory.resolve("lossy.html");
        assertThat(analyzer.run("report", journal.toString(), "-o", file.toString()))
                .isEqualTo(ExitCode.LOSSY);
        assertThat(Files.readString(file))
                .contains("17 events are missing in 1 place (damaged block 3)")
                .contains("\"gaps\":[{\"firstStep\":5,\"endStep\":400,\"count\":17,\"why\":\"damaged block 3\"}]");
    }

    @Test
    void aMillionEventsStayBelowTwoMegabytes() throws IOException {
        Path journal = Journals.write(
                directory.resolve("long.journal"), Journals.trace("golden.t4"), "golden.t4", "linux-2.6.24", 2100, 6);
        try (Journal opened = Journal.open(journal)) {
            assertThat(opened.events()).isGreaterThan(1_000_000);
        }
        assertThat(page(journal).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2_000_000);
    }

    @Test
    void theCommandWritesThePageAndSaysWhatIsMissing() throws IOException {
        Path a = Journals.write(directory, "TF-RESTORED.fail", "linux-2.6.24");
        Path b = Journals.write(directory, "TF-RESTORED.pass", "review-a");
        Path file = directory.resolve("page.html");
        assertThat(analyzer.run("report", a.toString(), b.toString(), "--force", "-o", file.toString()))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(Files.readString(file)).contains("They first part", "Show it in both runs");
        assertThat(analyzer.run("report", directory.resolve("none").toString(), "--force", "-o", file.toString()))
                .isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.run(
                        "report",
                        a.toString(),
                        "-o",
                        directory.resolve("no/page").toString()))
                .isEqualTo(ExitCode.USAGE);
    }
}
