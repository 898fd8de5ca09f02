package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import trapline.block.JournalHeader;
import trapline.cli.ExitCode;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;

/** Commands that cannot do what they are asked to: one line that says why, and the exit code that is meant for it. */
class WrongUseTest {

    @TempDir
    private Path directory;

    private Path journal = Path.of(".");
    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    @BeforeEach
    void write() throws IOException {
        journal = TraceJournals.write("TF-RESTORED.fail", directory);
        Files.createDirectory(directory.resolve("folder"));
        Files.writeString(directory.resolve("taken"), "mine");
    }

    /** Words of a command line; J is the journal, D/ the directory. */
    private ExitCode run(String words) {
        return analyzer.run(Arrays.stream(words.split(" ", -1))
                .map(word -> word.equals("J") ? journal.toString() : word.replace("D/", directory + "/"))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "USAGE | explore --help | there is no command 'explore'; did you mean export?; see trapline-analyzer --help",
                "USAGE | frobnicate x y | there is no command 'frobnicate'; see trapline-analyzer --help",
                "USAGE | check --json --format junit J | --json and --format junit are two formats: give one",
                "USAGE | check --threads 99999999999 J | '99999999999' is not a number, or too large; see",
                "UNREADABLE | check --resume D/folder J | folder: is a directory, not a file",
                "USAGE | show --mail --json J | --mail is a form of its own",
                "USAGE | show --cpu 7 J | --cpu 7: the journal has 1 CPU, numbered from 0",
                "USAGE | show --cpu -3 J | --cpu -3: the journal has 1 CPU, numbered from 0",
                "USAGE | show --from 9 --to 3 J | --from 9 is behind --to 3",
                "USAGE | show --from -1 J | --from, --to: steps count from 0",
                "USAGE | replay --from 3 -c n J | --from and --to print a range, --commands obeys keys",
                "USAGE | replay --cpu -1 --at 3 J | --cpu -1: the journal has 1 CPU, numbered from 0",
                "USAGE | diff --limit -4 J J | --limit -4: at least 0",
                "UNREADABLE | latency --spans D/folder J | folder: is a directory, not a file",
                "USAGE | check --resume D/none/s J | D/none/s: there is no directory D/none; make it first, or name",
                "USAGE | latency --csv D/taken J | D/taken: is a file; name a directory",
                "USAGE | latency --svg D/none/plots J | D/none/plots: there is no directory D/none; make it first",
                "USAGE | report J -o D/folder | D/folder: is a directory; name a file",
                "USAGE | report J -o D/none/r.html | D/none/r.html: there is no directory D/none; make it first",
                "USAGE | export J --to csv -o D/folder | D/folder: is a directory; name a file",
                "USAGE | export J --to csv -o D/none/a | D/none/a: there is no directory D/none; make it first",
                "USAGE | export J --to csv --json | --json tells of a file that is written: name it with -o",
                "USAGE | bundle J -o D/taken | taken: exists already; remove it, name another place with -o, or use --force",
                "USAGE | bundle J -o D/none/b.trap | D/none/b.trap: there is no directory D/none; make it first",
                "USAGE | recover J -o D/none/r.journal | D/none/r.journal: there is no directory D/none; make it first",
                "USAGE | unbundle J.trap -o D/taken/u | D/taken/u: there is no directory D/taken; make it first",
                "USAGE | import D/taken --from mail -o D/none/m | D/none/m: there is no directory D/none; make it first",
                "USAGE | bundle J -o D/b.trap --from -4 | --from, --to: steps count from 0",
                "USAGE | bundle J -o D/b.trap --from 99999 | --from 99999: the steps go from 0 to ",
                "UNREADABLE | bundle J -o D/b.trap --guest D/none | none: no such directory",
                "UNREADABLE | bundle J -o D/b.trap --attach D/folder | folder: is a directory, not a file",
                "USAGE | recover J -o D/taken | taken: exists already; remove it, or name another place with -o",
                "UNREADABLE | unbundle J -o D/u | is a directory; a bundle is one file, as bundle makes it",
                "UNREADABLE | import D/folder --from mail -o D/m.journal | folder: is a directory, not a file",
                "USAGE | import D/taken --from mail -o D/folder | folder: exists already; remove it"
            })
    void isOneLineThatSaysWhy(ExitCode code, String words, String message) {
        assertThat(run(words)).as(analyzer.err()).isEqualTo(code);
        assertThat(analyzer.err())
                .contains(message.replace("D/", directory + "/"))
                .hasLineCount(1);
        assertThat(analyzer.err()).startsWith("trapline-analyzer: ");
        assertThat(analyzer.out()).isEmpty();
        assertThat(directory.resolve("taken")).hasContent("mine");
    }

    @Test
    @EnabledOnOs(OS.LINUX) // has /dev/full
    void whatFailsWhileItIsWrittenIsNoWrongUse() {
        isOneLineThatSaysWhy(
                ExitCode.INTERNAL, "export J --to csv -o /dev/full", "cannot write /dev/full: No space left on device");
    }

    /** An empty run, or one that did nothing of interest, is no evidence. */
    @Test
    void whatExercisedNothingIsNotCalledAPass() throws IOException {
        JournalHeader header;
        try (Opened opened = Opened.journal(journal)) {
            header = opened.header();
        }
        Path empty = directory.resolve("empty.journal");
        try (JournalWriter writer = JournalWriter.create(empty, header, JournalOptions.DEFAULT)) {
            writer.finish();
        }
        assertThat(analyzer.run("check", empty.toString(), journal.toString())).isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.out()).contains("NOT EXERCISED " + empty + "\n").doesNotContain("PASS");
        assertThat(analyzer.err()).contains("2 journals judged, 1 with findings, 1 in which nothing was exercised");
        assertThat(analyzer.run("check", "--format", "ktap", empty.toString())).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.out()).contains("\nok 1 " + empty + " # SKIP nothing was exercised\n");
        assertThat(analyzer.run("check", "--allow-idle", empty.toString())).isEqualTo(ExitCode.CLEAN);
    }

    @Test
    void blameDoesNotDenyWhatItCannotKnow() throws IOException {
        Path damaged = Files.createDirectory(directory.resolve("damaged.journal"));
        byte[] bytes = Files.readAllBytes(journal.resolve("19700101F.cq4"));
        int events = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("TPLB", 70_000 - 4_000);
        bytes[events + 100] ^= 0x55;
        Files.write(damaged.resolve("19700101F.cq4"), bytes);
        assertThat(analyzer.run("blame", damaged.toString(), "--at", "100000", "--what", "TF"))
                .isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.out())
                .isEqualTo("nobody is known to have written TF up to step 100000: events are missing before it\n");
        Path recovered = directory.resolve("recovered.journal");
        analyzer.run("recover", damaged.toString(), "-o", recovered.toString());
        assertThat(analyzer.run("blame", recovered.toString(), "--at", "100000", "--what", "TF"))
                .as("whole by itself, but what it has is a gap")
                .isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.run("blame", journal.toString(), "--at", "0", "--what", "nmissed"))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).isEqualTo("nobody wrote nmissed up to step 0\n");
    }

    @Test
    void replayObeysKeysFromAStepOnAndTellsAScriptOfWrongOnes() {
        assertThat(analyzer.run("replay", "--at", "100000", "-c", "b;b", journal.toString()))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out().lines().filter(line -> line.startsWith("event ")))
                .hasSize(3);
        assertThat(analyzer.run("replay", "-c", "n;x", journal.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("there is no key 'x'");
        assertThat(analyzer.out()).contains("event 0 (0 to ");
    }

    @Test
    void everyCommandThatTakesJsonPrintsIt() throws IOException {
        String bundle = directory.resolve("b.trap").toString();
        for (List<String> words : List.of(
                List.of("bundle", journal.toString(), "-o", bundle),
                List.of("unbundle", bundle, "-o", directory.resolve("u").toString()),
                List.of(
                        "export",
                        journal.toString(),
                        "--to",
                        "csv",
                        "-o",
                        directory.resolve("e.csv").toString()),
                List.of("man", "check"),
                List.of("completion"))) {
            analyzer.run(Stream.concat(words.stream(), Stream.of("--json")).toArray(String[]::new));
            JsonNode document = new ObjectMapper().readTree(analyzer.out());
            assertThat(document.path("schemaVersion").asInt()).as("%s", words).isEqualTo(1);
        }
    }

    /** Picocli wraps each text by itself: a paragraph cut up in the source comes out ragged. */
    @Test
    void helpHasWholeParagraphsAndFits() {
        AnalyzerCommands.table().makers().forEach((name, maker) -> {
            Command annotation = maker.get().getClass().getAnnotation(Command.class);
            assertThat(annotation).as(name).isNotNull();
            List<String> footer = List.of(annotation.footer());
            for (int i = 1; i < footer.size(); i++) {
                assertThat(footer.get(i)).as(name).matches("(?s).*([.:]|quit)");
            }
            assertThat(analyzer.run(name, "--help")).as(name).isEqualTo(ExitCode.CLEAN);
            assertThat(analyzer.out().lines()).as(name).allMatch(line -> line.length() <= 80);
        });
    }
}
