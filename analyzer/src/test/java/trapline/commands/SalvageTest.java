package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.cli.ExitCode;
import trapline.exchange.MailReader;
import trapline.journal.Journal;
import trapline.verdicts.JournalVerdicts;

/** A journal on its way to somebody else: bundled, mailed, damaged, salvaged. What is proved of it stays true. */
class SalvageTest {
    private static final int MANGLINGS = 100;
    private static final String TRACE = "BOUNDED-NESTING.fail";

    @TempDir
    private Path directory;

    private Path journal = Path.of(".");
    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    @BeforeEach
    void record() throws IOException {
        journal = TraceJournals.write(TRACE, directory);
    }

    private static Map<String, Verdict> verdicts(Path path) throws IOException {
        return JournalVerdicts.of(path, Checks::all).results().stream()
                .collect(Collectors.toMap(r -> r.info().id(), r -> r.verdict(), (a, b) -> a, TreeMap::new));
    }

    private Path in(String name) {
        return directory.resolve(name);
    }

    private static Path dataFile(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.filter(f -> f.toString().endsWith(".cq4")).findAny().orElseThrow();
        }
    }

    @Test
    void aBundleHasTheVerdictsOfItsJournal() throws IOException {
        Files.writeString(in("note.txt"), "seen on Tuesday");
        Path bundle = in("a.trap");
        assertThat(analyzer.run(
                        "bundle",
                        journal.toString(),
                        "-o",
                        bundle.toString(),
                        "--attach",
                        in("note.txt").toString()))
                .as(analyzer.err())
                .isEqualTo(ExitCode.CLEAN);
        assertThat(verdicts(bundle)).isEqualTo(verdicts(journal));
        assertThat(analyzer.run("doctor", bundle.toString())).as(analyzer.out()).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.run("bundle", journal.toString(), "-o", bundle.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("exists already");
        assertThat(analyzer.run(
                        "unbundle", bundle.toString(), "-o", in("unpacked").toString()))
                .as(analyzer.err())
                .isEqualTo(ExitCode.CLEAN);
        assertThat(in("unpacked/attachments/note.txt")).hasContent("seen on Tuesday");
        assertThat(Files.readString(in("unpacked/summary.txt")))
                .contains("FAIL")
                .doesNotContain(directory.toString());
        assertThat(Files.mismatch(dataFile(journal), dataFile(in("unpacked/a.journal"))))
                .isEqualTo(-1);
        assertThat(analyzer.run("show", bundle.toString())).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).isNotEmpty();
    }

    @Test
    void aroundAFindingThatIsNotThere() {
        assertThat(analyzer.run("bundle", journal.toString(), "-o", in("a.trap").toString(), "--around", "TF-OFF"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(in("a.trap")).doesNotExist();
    }

    @Test
    void doctorAndRecover() throws IOException {
        assertThat(analyzer.run("doctor", journal.toString())).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("whole");
        Path file = dataFile(journal);
        byte[] bytes = Files.readAllBytes(file);
        String ascii = new String(bytes, StandardCharsets.ISO_8859_1);
        int events = ascii.indexOf("TPLB\u0001\u0000\u0002");
        bytes[events + 150] ^= 0x40;
        Files.write(file, bytes);
        assertThat(analyzer.run("doctor", journal.toString())).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.out()).contains("damaged", "checksum", "offset", "trapline recover");
        assertThat(analyzer.run("doctor", "--json", journal.toString())).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.out()).contains("\"state\" : \"damaged\"");
        Path recovered = in("recovered.journal");
        assertThat(analyzer.run("recover", journal.toString(), "-o", recovered.toString()))
                .isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.err()).contains("1 gap");
        assertThat(verdicts(recovered).values()).doesNotContain(Verdict.PASS);
        assertThat(analyzer.run("check", recovered.toString())).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.run("doctor", in("nowhere").toString())).isEqualTo(ExitCode.UNREADABLE);
    }

    private String mail() {
        assertThat(analyzer.run("show", "--mail", "--all", journal.toString()))
                .as(analyzer.err())
                .isEqualTo(ExitCode.CLEAN);
        return analyzer.out();
    }

    private ExitCode importMail(String text, String name) throws IOException {
        Files.writeString(in(name + ".txt"), text);
        return analyzer.run("import", "--from", "mail", in(name + ".txt").toString(), "-o", in(name).toString());
    }

    private static List<String> events(Path path) throws IOException {
        List<String> events = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            journal.read(e -> events.add(e.toString()));
        }
        return events;
    }

    @Test
    void aMailIsSevenBitAndNarrowAndReadsBack() throws IOException {
        String mail = mail();
        assertThat(mail.lines())
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(72).matches("[ -~]*"));
        assertThat(importMail(mail, "plain")).as(analyzer.err()).isEqualTo(ExitCode.CLEAN);
        assertThat(verdicts(in("plain"))).isEqualTo(verdicts(journal));
        assertThat(events(in("plain"))).hasSameSizeAs(events(journal));
    }

    @Test
    void quotingOtherLineEndsAndWrapping() throws IOException {
        String mail = mail();
        String quoted =
                "Hi,\n\nI saw this:\n" + mail.lines().map(l -> "> > " + l).collect(Collectors.joining("\r\n"));
        String wrapped = mail.replaceAll("(.{1,50}) ", "$1\n");
        String joined = mail.replaceAll("\\n(?!\\n)", " ");
        assertThat(importMail(quoted, "quoted")).as(analyzer.err()).isEqualTo(ExitCode.CLEAN);
        assertThat(importMail(wrapped, "wrapped")).as(analyzer.err()).isEqualTo(ExitCode.CLEAN);
        assertThat(importMail(joined, "joined")).as(analyzer.err()).isEqualTo(ExitCode.CLEAN);
        importMail(mail, "plain");
        for (String name : List.of("quoted", "wrapped", "joined")) {
            assertThat(events(in(name))).as(name).isEqualTo(events(in("plain")));
        }
    }

    @Test
    void linesThatAreMissingAreLost() throws IOException {
        List<String> lines = mail().lines().toList();
        importMail(mail(), "plain");
        Map<String, Verdict> whole = verdicts(in("plain"));
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20; i++) {
            List<String> some = new ArrayList<>(lines);
            some.remove(1 + random.nextInt(lines.size() - 2));
            ExitCode code = importMail(String.join("\n", some), "cut" + i);
            if (code == ExitCode.UNREADABLE) {
                continue; // a row of the tables without which nothing makes sense
            }
            verdicts(in("cut" + i)).forEach((check, verdict) -> {
                if (verdict == Verdict.PASS) {
                    assertThat(whole).containsEntry(check, Verdict.PASS);
                }
            });
        }
    }

    /** What mail programs and people do to a text; now and then two or three of them. */
    private static String mangled(String mail, SplittableRandom random) {
        List<String> lines = new ArrayList<>(mail.lines().toList());
        int at = random.nextInt(lines.size());
        int other = random.nextInt(lines.size());
        String line = lines.get(at);
        switch (random.nextInt(9)) {
            case 0 -> lines.replaceAll(l -> "> " + l);
            case 1 -> lines.replaceAll(l -> "AB>> \t" + l);
            case 2 -> lines.remove(at);
            case 3 -> lines.subList(Math.min(at, other), Math.max(at, other)).clear();
            case 4 -> lines.add(other, line);
            case 5 -> lines.set(at, lines.set(other, line));
            case 6 -> lines.add(at, "On Wed, somebody wrote:");
            case 7 -> {
                int column = line.isEmpty() ? 0 : random.nextInt(line.length());
                lines.set(at, line.substring(0, column) + (char) (' ' + random.nextInt(95)) + line.substring(column));
            }
            default -> {
                int width = 20 + random.nextInt(80);
                return String.join("\n", lines).replaceAll("(.{1," + width + "}) ", "$1\n");
            }
        }
        return String.join(random.nextBoolean() ? "\r\n" : "\n", lines);
    }

    @Test
    void mangledMailsProveNothingThatTheWholeOneDoesNot() throws IOException {
        String mail = mail();
        importMail(mail, "plain");
        Map<String, Verdict> whole = verdicts(in("plain"));
        int read = 0;
        for (int i = 0; i < MANGLINGS; i++) {
            SplittableRandom random = new SplittableRandom(20080102 + i);
            String text = mail;
            for (int times = 1 + random.nextInt(3); times > 0; times--) {
                text = mangled(text, random);
            }
            ExitCode code = importMail(text, "mangled" + i);
            assertThat(code)
                    .as("seed %d: %s", i, analyzer.err())
                    .isIn(ExitCode.CLEAN, ExitCode.LOSSY, ExitCode.UNREADABLE);
            if (code == ExitCode.UNREADABLE) {
                assertThat(analyzer.err()).hasLineCount(1);
                continue;
            }
            read++;
            String seed = "seed " + i;
            verdicts(in("mangled" + i)).forEach((check, verdict) -> {
                if (verdict == Verdict.PASS) {
                    assertThat(whole).as(seed).containsEntry(check, Verdict.PASS);
                }
            });
        }
        assertThat(read).isGreaterThan(MANGLINGS / 2);
    }

    @Test
    void whatIsNoMail() throws IOException {
        assertThat(importMail("Hello,\n\nnothing here.\n", "none")).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("trapline-mail 1");
        assertThat(in("none")).doesNotExist();
        assertThat(analyzer.run("import", "--from", "morse", "x", "-o", "y")).isEqualTo(ExitCode.USAGE);
        assertThat(MailReader.read("trapline-mail 1 ~0000\n", "x").events()).isNotEmpty();
    }
}
