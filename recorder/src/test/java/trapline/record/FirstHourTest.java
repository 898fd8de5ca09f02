package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.cli.ExitCode;

/** What somebody finds who has just this executable: manual, examples, completion, files to start from. */
class FirstHourTest {

    @TempDir
    private Path directory;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private String printed(String... words) {
        assertThat(trapline.run(words)).as(trapline.err()).isEqualTo(ExitCode.CLEAN);
        return trapline.out();
    }

    @Test
    void helpListsCommandsAndTopics() {
        assertThat(printed("help")).contains("Usage: trapline", "  record", "Topics", "  scenario ", "  porting ");
        assertThat(printed("help", "check"))
                .contains("Usage: trapline check", "Examples:", "trapline check new.journal");
        assertThat(trapline.run("help", "scenaro")).isEqualTo(ExitCode.USAGE);
        assertThat(trapline.err()).contains("did you mean 'scenario'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scenario", "porting", "checks", "events", "monitors", "schema", "security", "changes"})
    void aTopicIsTextAndAManualPage(String topic) {
        assertThat(printed("help", topic)).startsWith("# ").hasSizeGreaterThan(200);
        assertThat(printed("man", topic))
                .startsWith(".TH \"TRAPLINE-" + topic.toUpperCase(java.util.Locale.ROOT) + "\" ")
                .contains("\n.SH NAME\ntrapline\\-" + topic + " \\- ", ".SH SEE ALSO")
                .doesNotContain("```", "\n| ");
    }

    @Test
    void aManualPageHasExamplesAndLeadsOn() {
        assertThat(printed("man", "record"))
                .contains(
                        ".SH EXAMPLES",
                        "my\\-patch.c",
                        ".SH FILES",
                        ".SH SEE ALSO\ntrapline(1)",
                        "trapline\\-scenario(5)");
        assertThat(printed("man")).contains("trapline\\-record(1)", "trapline\\-events(5)");
    }

    @Test
    void everyCommandHasAnExampleThatIsOneOfItsOwn() {
        for (String command : RecorderCommands.table().makers().keySet()) {
            assertThat(printed(command, "--help")).as(command).contains("Examples:\n  trapline " + command);
        }
    }

    @Test
    void completionKnowsNamesInBashAndFish() {
        String bash = printed("completion");
        assertThat(bash).contains("nmi-during-step", "patch-2008-01-01", "kprobe_status", "hit-stepped", "single_step");
        String fish = printed("completion", "fish");
        assertThat(fish.lines()).allMatch(line -> line.startsWith("complete -c trapline -n '"));
        assertThat(fish).contains("__fish_seen_subcommand_from record' -l flow -x -a '", "from man' -a '");
        assertThat(trapline.run("completion", "csh")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aScenarioAndAFlowAreExplained() {
        assertThat(printed("scenarios", "nmi-during-step"))
                .startsWith("nmi-during-step\n")
                .contains("linux-2.6.24", "expect");
        assertThat(printed("scenarios", "nmi-during-step", "--source")).contains("name: nmi-during-step");
        assertThat(printed("flows", "review-a")).startsWith("review-a\n").contains("trapline new flow");
        List<String> flows =
                printed("flows").lines().map(line -> line.split(" ", 2)[0]).toList();
        assertThat(flows.stream().filter(flow -> !flow.isEmpty() && !flow.contains("bug")))
                .containsExactly(
                        "linux-2.6.24",
                        "patch-2008-01-01",
                        "review-a",
                        "review-b",
                        "linux-2.6.25-merge",
                        "linux-2.6.25",
                        "linux-2.6.26",
                        "linux-2.6.33",
                        "linux-2.6.34",
                        "linux-3.16",
                        "linux-5.13");
        assertThat(printed("flows").lines()).allMatch(line -> line.length() <= 80);
        assertThat(printed("scenarios").lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void nothingIsOverwrittenUnasked() throws Exception {
        String journal = directory.resolve("j.journal").toString();
        printed("record", "plain-probe", "-o", journal);
        String file = directory.resolve("f").toString();
        Path folder = directory.resolve("d");
        for (List<String> words : List.of(
                List.of("report", journal, "-o", file),
                List.of("export", journal, "--to", "csv", "-o", file),
                List.of("bundle", journal, "-o", file),
                List.of("latency", journal, "--csv", folder.toString()),
                List.of("tour", "-o", folder.toString()))) {
            Files.writeString(Path.of(file), "mine");
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("latencies.csv"), "mine");
            assertThat(trapline.run(words.toArray(String[]::new)))
                    .as(words.toString())
                    .isEqualTo(ExitCode.USAGE);
            assertThat(trapline.err()).contains("--force").hasLineCount(1);
            assertThat(Path.of(file)).hasContent("mine");
            List<String> forced = new java.util.ArrayList<>(words);
            forced.add("--force");
            assertThat(trapline.run(forced.toArray(String[]::new)))
                    .as(trapline.err())
                    .isEqualTo(ExitCode.CLEAN);
            Files.deleteIfExists(Path.of(file));
        }
    }

    @Test
    void aFindingGoesIntoAMailThatReadsBack() throws Exception {
        String journal = directory.resolve("j.journal").toString();
        printed("record", "nmi-during-step", "--flow", "patch-2008-01-01", "-o", journal);
        String mail = printed("show", "--mail", "--around", "int3-ownership", journal);
        assertThat(mail).startsWith("| FAIL INT3-OWNERSHIP, probe p2\n| in kprobe_handler+0x84 (patch-2008-01-01.c:");
        assertThat(mail.lines().takeWhile(line -> line.startsWith("| "))).hasSizeLessThanOrEqualTo(20);
        assertThat(mail.lines()).allMatch(line -> line.length() <= 78);
        Path file = Files.writeString(directory.resolve("mail.txt"), "Hello,\n\n" + mail);
        String theirs = directory.resolve("theirs.journal").toString();
        assertThat(trapline.run("import", "--from", "mail", file.toString(), "-o", theirs))
                .as(trapline.err())
                .isNotEqualTo(ExitCode.UNREADABLE);
        trapline.run("check", theirs);
        assertThat(trapline.out()).contains("FAIL    INT3-OWNERSHIP");
        assertThat(trapline.run("show", "--around", "INT3-OWNERSHP", journal)).isEqualTo(ExitCode.USAGE);
        assertThat(trapline.err()).contains("did you mean 'INT3-OWNERSHIP'");
    }
}
