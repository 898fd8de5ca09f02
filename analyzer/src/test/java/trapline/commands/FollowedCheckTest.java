package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trapline.checks.kprobes.Checks;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.cli.Severity;
import trapline.events.Event;
import trapline.events.EventFields.Note;
import trapline.events.EventKind;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;

/** {@code check --follow} beside a writer: findings come while it writes, verdicts when it has ended. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FollowedCheckTest {

    /** More than enough to make the writer commit the blocks with what was written before. */
    private static final int MARKS = 300_000;

    @TempDir
    Path directory = Path.of(".");

    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    /** Writes a trace and marks without number, and leaves its last event to the caller. */
    private static void writeAlmostAll(EventTextFile trace, JournalWriter writer) {
        trace.events().subList(0, trace.events().size() - 1).forEach(writer::accept);
        long step = trace.events().get(trace.events().size() - 2).step();
        Event mark = new Event();
        for (int i = 0; i < MARKS; i++) {
            writer.accept(mark.begin(EventKind.MARK, step, 0, 0x100000)
                    .set(Note.VALUE, i)
                    .text("on"));
        }
    }

    private void await(CompletableFuture<?> other, String text) throws InterruptedException {
        while (!analyzer.out().contains(text)) {
            assertThat(other)
                    .as("it has ended without '%s': %s", text, analyzer.out())
                    .isNotDone();
            Thread.sleep(20);
        }
    }

    @Test
    void aFindingIsPrintedBeforeTheWriterEndsAndTheVerdictsAfterwards() throws Exception {
        EventTextFile trace = TraceJournals.load("golden.t8");
        Path journal = directory.resolve("live.journal");
        try (JournalWriter writer =
                JournalWriter.create(journal, TraceJournals.header("live", trace.tables()), JournalOptions.DEFAULT)) {
            writeAlmostAll(trace, writer);
            CompletableFuture<ExitCode> followed =
                    CompletableFuture.supplyAsync(() -> analyzer.run("check", "--follow", journal.toString()));
            await(followed, "p1 stays current after its hit");
            assertThat(analyzer.out()).doesNotContain("NOT EXERCISED");
            writer.accept(trace.events().get(trace.events().size() - 1));
            writer.finish();
            assertThat(followed.get()).isEqualTo(ExitCode.FINDING);
        }
        assertThat(analyzer.out()).containsPattern("FAIL +CURRENT-BALANCED").contains("NOT EXERCISED");
        assertThat(analyzer.out().split("p1 stays current after its hit", -1))
                .as("told once")
                .hasSize(2);
        assertThat(analyzer.err()).contains("2 failed, 0 unknown");
    }

    @Test
    void aNotClosedJournalIsFollowedUntilItIsStoppedAndNothingPasses() throws Exception {
        Path journal = TraceJournals.writeUnclosed("golden.t1", directory);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        try (Opened opened = Opened.journal(journal)) {
            FollowedCheck followed = new FollowedCheck(opened, Checks.all(), Console.plain(print, print), true, null);
            followed.stop();
            followed.run(verdicts -> assertThat(verdicts.severity()).isEqualTo(Severity.UNKNOWN));
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("UNKNOWN TF-RESTORED")
                .doesNotContain("PASS");
    }

    @Test
    void otherFormatsComeAtTheEndAndFindingsOnStandardError() throws IOException {
        String journal = TraceJournals.write("golden.t8", directory).toString();
        assertThat(analyzer.run("check", "--follow", "--json", journal)).isEqualTo(ExitCode.FINDING);
        assertThat(new ObjectMapper().readTree(analyzer.out()).get("severity").asText())
                .isEqualTo("FAILED");
        assertThat(analyzer.err()).containsPattern("step [0-9]+, CPU 0: CURRENT-BALANCED: p1 stays current");
    }

    @Test
    void aFinishedJournalOrBundleIsSimplyJudged() throws IOException {
        String journal = TraceJournals.write("golden.t1", directory).toString();
        assertThat(analyzer.run("check", "--follow", journal)).isEqualTo(ExitCode.CLEAN);
        String whole = analyzer.out();
        assertThat(analyzer.run("check", journal)).isEqualTo(ExitCode.CLEAN);
        assertThat(whole).isEqualTo(analyzer.out());
    }

    @Test
    void itFollowsOneJournal() throws IOException {
        String journal = TraceJournals.write("golden.t1", directory).toString();
        assertThat(analyzer.run("check", "--follow", journal, journal)).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("--follow takes one journal");
        assertThat(analyzer.run("check", "--follow", directory.resolve("none").toString()))
                .isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("none: no such journal");
    }
}
