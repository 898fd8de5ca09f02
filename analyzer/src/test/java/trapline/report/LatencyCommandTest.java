package trapline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.JournalHeader;
import trapline.cli.ExitCode;
import trapline.commands.CapturedAnalyzer;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;

final class LatencyCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path home;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static String userHome = "";

    /** Java's own drawing caches fonts in the home folder, and keeps a thread for as long as the JVM lives. */
    @BeforeAll
    static void startDrawing() {
        userHome = System.setProperty("user.home", home.toString());
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        graphics.drawString("x", 0, 0);
        graphics.dispose();
    }

    @AfterAll
    static void restoreHome() {
        System.setProperty("user.home", userHome);
    }

    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    @Test
    void rowsAreGroupedOnRequest() throws IOException {
        String journal = Journals.write(directory, "golden.t4", "linux-2.6.24").toString();
        assertThat(analyzer.run("latency", journal)).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("hit ", "hit-reentered", "pre-handler");
        assertThat(analyzer.run("latency", journal, "--by", "probe")).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("hit/p1", "hit/p2");
        assertThat(analyzer.run("latency", journal, "--by", "cpu")).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("hit/cpu0");
        assertThat(analyzer.run("latency", journal, "--by", "flow")).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("hit/linux-2.6.24");
        assertThat(analyzer.run("latency", journal, "--by", "moon")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aComparisonFailsPastItsBound() throws IOException {
        String a = Journals.write(directory, "golden.t1", "linux-2.6.24").toString();
        String b = Journals.write(directory.resolve("slow.journal"), Journals.trace("golden.t1"), "t1", "slow", 1, 1)
                .toString();
        assertThat(analyzer.run("latency", a, b, "--compare", "--fail-if", "hit.p99 > +5%"))
                .isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.out()).contains("hit.p99 went from ");
        assertThat(analyzer.run("latency", a, a, "--compare", "--fail-if", "hit.p99 > +5%"))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.run("latency", a, b, "--compare", "--fail-if", "trap-nmi.p99 > +5%"))
                .isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.run("latency", a, "--compare")).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.run("latency", a, "--fail-if", "hit.p99 > +5%")).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.run("latency", a, b, "--compare", "--fail-if", "nonsense"))
                .isEqualTo(ExitCode.USAGE);
    }

    /** A trace of a source whose clock is the time of day: two CPUs at once, nanoseconds. */
    private String realTime(String name) throws IOException {
        EventTextFile trace = EventTextFile.parse("""
                @cpus 2
                @without switch
                1000000  0   1000 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
                1000500  1   1000 trap    #BP ip+1 cs=8 fl=202 sp=9ff0 n=2
                1004100  1   1020 iret    ip=1000 cs=8 fl=202 sp=9ff0 n=2
                1009000  0   1020 iret    ip=1000 cs=8 fl=202 sp=8ff0 n=1
                """, "ns");
        JournalHeader plain = Journals.header(trace.tables(), "ns", "");
        JournalHeader header = new JournalHeader(
                plain.tool(),
                plain.semantics(),
                "test",
                "ns",
                plain.cpus(),
                plain.eflagsAll(),
                plain.delivers(),
                plain.observed(),
                plain.symbols(),
                plain.images(),
                plain.name(),
                "",
                "",
                "",
                "");
        Path path = directory.resolve(name);
        try (JournalWriter writer = JournalWriter.create(path, header, JournalOptions.DEFAULT)) {
            trace.events().forEach(writer::accept);
            writer.finish();
        }
        return path.toString();
    }

    @Test
    void aJournalInNanosecondsIsMeasuredInThemAndNeverMixed() throws IOException {
        String journal = realTime("ns.journal");
        assertThat(analyzer.run("show", journal, "--mail")).isEqualTo(ExitCode.CLEAN);
        Path mail = Files.writeString(directory.resolve("mail.txt"), analyzer.out());
        String imported = directory.resolve("imported.journal").toString();
        assertThat(analyzer.run("import", mail.toString(), "--from", "mail", "-o", imported))
                .isEqualTo(ExitCode.CLEAN);
        for (String path : List.of(journal, imported)) {
            assertThat(analyzer.run("latency", path, "--json")).isEqualTo(ExitCode.CLEAN);
            assertThat(analyzer.out()).contains("\"unit\" : \"nanoseconds\"", "\"min\" : 3600", "\"max\" : 9000");
        }
        String csv = directory.resolve("csv").toString();
        assertThat(analyzer.run("latency", imported, "--csv", csv, "--svg", csv))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(Files.readString(Path.of(csv, "latency.csv"))).contains("trap-bp,,nanoseconds,2,");
        assertThat(Files.readString(Path.of(csv, "trap-bp.percentiles.svg"))).contains(", nanoseconds</text>");
        String other = Journals.write(directory, "golden.t1", "linux-2.6.24").toString();
        assertThat(analyzer.run("latency", imported, other)).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("counts nanoseconds", "retired instructions: their latencies cannot");
        assertThat(analyzer.run("latency", imported, other, "--compare")).isEqualTo(ExitCode.USAGE);
        String page = directory.resolve("two.html").toString();
        assertThat(analyzer.run("report", imported, other, "-o", page)).isEqualTo(ExitCode.CLEAN);
        assertThat(Files.readString(Path.of(page)))
                .contains("Latencies in nanoseconds", "Latencies in retired instructions");
    }

    @Test
    void missingEventsMakeTheResultLossy() throws IOException {
        EventTextFile trace = EventTextFile.parse("""
                      1  0   1000 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
                      2  0      0 lost    10 until 9 "gap"
                     12  0   1020 halt    exit =0 ""
                """, "gap");
        String journal = Journals.write(directory.resolve("gap.journal"), trace, "gap", "flow", 1, 0)
                .toString();
        assertThat(analyzer.run("latency", journal)).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.out()).contains("1 interrupted");
        assertThat(analyzer.err()).contains("events are missing");
        assertThat(analyzer.run("latency", journal, journal, "--compare")).isEqualTo(ExitCode.LOSSY);
    }

    @Test
    void aFileOfSpansThatIsWrongIsAnInputThatCannotBeRead() throws IOException {
        String journal = Journals.write(directory, "golden.t1", "linux-2.6.24").toString();
        for (String text : List.of("spans: [{name: a, from: {kind: none}}]", "spans: [", "a\0b")) {
            Path spans = Files.writeString(directory.resolve("spans.yaml"), text);
            assertThat(analyzer.run("latency", journal, "--spans", spans.toString()))
                    .as(text)
                    .isEqualTo(ExitCode.UNREADABLE);
            assertThat(analyzer.err()).contains("spans.yaml: ").hasLineCount(1);
        }
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        String journal = Journals.write(directory, "golden.t1", "linux-2.6.24").toString();
        Path spans = directory.resolve("spans.yaml");
        Files.writeString(spans, "spans: [{name: a, from: {kind: none}}]");
        String nowhere = directory.resolve("none").toString();
        for (List<String> arguments : List.of(
                List.of("--span", "nothing"),
                List.of("--by", "moon"),
                List.of("--fail-if", "hit.p99 > +5%"),
                List.of("--compare"),
                List.of("--spans", spans.toString()),
                List.of("--spans", nowhere),
                List.of("--csv", journal + "/metadata.cq4t"),
                List.of(nowhere))) {
            List<String> all = new ArrayList<>(List.of("latency", journal));
            all.addAll(arguments);
            assertThat(analyzer.run(all.toArray(String[]::new)))
                    .as("%s", arguments)
                    .isIn(ExitCode.USAGE, ExitCode.UNREADABLE, ExitCode.INTERNAL);
            assertThat(analyzer.err().lines()).as("%s", arguments).hasSize(1);
            assertThat(analyzer.err()).as("%s", arguments).doesNotContain("Exception", "null");
            assertThat(analyzer.out()).as("%s", arguments).isEmpty();
        }
    }

    @Test
    void theHistogramKeepsToTheWidthInBlocksAndInAscii() throws IOException {
        String journal = Journals.write(
                        directory.resolve("wide.journal"), Journals.trace("golden.t4"), "t4", "linux-2.6.24", 40, 3)
                .toString();
        assertThat(analyzer.run("latency", journal, "--span", "hit,trap-bp")).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("█");
        assertThat(analyzer.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(analyzer.run("latency", journal, "--span", "hit,trap-bp", "--ascii"))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("|##").matches("\\p{ASCII}*");
        assertThat(analyzer.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void plotsAreImages() throws Exception {
        String journal = Journals.write(directory, "golden.t4", "linux-2.6.24").toString();
        Path plots = directory.resolve("plots");
        assertThat(analyzer.run("latency", journal, "--svg", plots.toString(), "--png", plots.toString()))
                .isEqualTo(ExitCode.CLEAN);
        List<Path> files;
        try (Stream<Path> listed = Files.list(plots)) {
            files = listed.sorted().toList();
        }
        assertThat(files)
                .extracting(f -> f.getFileName().toString())
                .contains("hit.percentiles.svg", "hit.distribution.svg", "hit.percentiles.png", "hit.distribution.png");
        for (Path file : files) {
            if (file.toString().endsWith(".png")) {
                BufferedImage image = ImageIO.read(file.toFile());
                assertThat(image.getWidth()).isEqualTo(1000);
            } else {
                assertThat(DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(file.toFile())
                                .getDocumentElement()
                                .getTagName())
                        .isEqualTo("svg");
                assertThat(Files.readString(file)).contains("prefers-color-scheme: dark", "n=");
            }
        }
    }
}
