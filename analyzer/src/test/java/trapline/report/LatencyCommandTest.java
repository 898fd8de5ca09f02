package trapline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.analyze.AnalyzerCommands;
import trapline.analyze.Console;
import trapline.analyze.ExitCode;
import trapline.analyze.Tool;

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

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private ExitCode run(String... args) {
        out.reset();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Tool("trapline", "", AnalyzerCommands.table(), Console.plain(print, print)).run(args);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void rowsAreGroupedOnRequest() throws IOException {
        String journal = Journals.write(directory, "golden.t4", "linux-2.6.24").toString();
        assertThat(run("latency", journal)).isEqualTo(ExitCode.CLEAN);
        assertThat(printed()).contains("hit ", "hit-reentered", "pre-handler");
        assertThat(run("latency", journal, "--by", "probe")).isEqualTo(ExitCode.CLEAN);
        assertThat(printed()).contains("hit/p1", "hit/p2");
        assertThat(run("latency", journal, "--by", "cpu")).isEqualTo(ExitCode.CLEAN);
        assertThat(printed()).contains("hit/cpu0");
        assertThat(run("latency", journal, "--by", "flow")).isEqualTo(ExitCode.CLEAN);
        assertThat(printed()).contains("hit/linux-2.6.24");
        assertThat(run("latency", journal, "--by", "moon")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aComparisonFailsPastItsBound() throws IOException {
        String a = Journals.write(directory, "golden.t1", "linux-2.6.24").toString();
        String b = Journals.write(directory.resolve("slow.journal"), Journals.trace("golden.t1"), "t1", "slow", 1, 1)
                .toString();
        assertThat(run("latency", a, b, "--compare", "--fail-if", "hit.p99 > +5%"))
                .isEqualTo(ExitCode.FINDING);
        assertThat(printed()).contains("hit.p99 went from ");
        assertThat(run("latency", a, a, "--compare", "--fail-if", "hit.p99 > +5%"))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(run("latency", a, b, "--compare", "--fail-if", "trap-nmi.p99 > +5%"))
                .isEqualTo(ExitCode.LOSSY);
        assertThat(run("latency", a, "--compare")).isEqualTo(ExitCode.USAGE);
        assertThat(run("latency", a, "--fail-if", "hit.p99 > +5%")).isEqualTo(ExitCode.USAGE);
        assertThat(run("latency", a, b, "--compare", "--fail-if", "nonsense")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void plotsAreImages() throws Exception {
        String journal = Journals.write(directory, "golden.t4", "linux-2.6.24").toString();
        Path plots = directory.resolve("plots");
        assertThat(run("latency", journal, "--svg", plots.toString(), "--png", plots.toString()))
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
