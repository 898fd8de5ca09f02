package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden journal of each format is read, and made again byte for byte. {@code -Dupdate.expected=true} rewrites it. */
class GoldenTest {
    private static final Path FORMAT_1 = Path.of("golden/format-1");
    private static final String DATA_FILE = "guest.journal/19700101F.cq4";
    private static final String METADATA = "guest.journal/metadata.cq4t";
    private static final String OBJECT = "guest.journal/guest/guest.elf";
    private static final List<String> MADE =
            List.of(DATA_FILE, METADATA, OBJECT, "guest.events", "guest.mail", "guest.trap");

    @TempDir
    private Path directory;

    private void make() throws IOException, InterruptedException {
        Files.copy(FORMAT_1.resolve("guest.elf"), directory.resolve("guest.elf"));
        Executable trapline = Executable.trapline(directory);
        assertThat(trapline.run("record", "--guest", "guest.elf", "-o", "guest.journal"))
                .satisfies(r -> assertThat(r.exitCode()).as(r.err()).isZero());
        assertThat(trapline.run("bundle", "guest.journal", "--guest", ".", "-o", "guest.trap"))
                .satisfies(r -> assertThat(r.exitCode()).as(r.err()).isZero());
        Executable.Result events = trapline.run("show", "--all", "guest.journal");
        Files.writeString(directory.resolve("guest.events"), events.out());
        Files.writeString(
                directory.resolve("guest.mail"),
                trapline.run("show", "--mail", "--all", "guest.journal").out());
        if (Boolean.getBoolean("update.expected")) {
            for (String file : MADE) {
                Path target = FORMAT_1.resolve(file);
                Files.createDirectories(target.getParent());
                Files.copy(directory.resolve(file), target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void format1IsMadeAgainByteForByte() throws IOException, InterruptedException {
        make();
        assertThat(directory.resolve("guest.events"))
                .hasSameTextualContentAs(FORMAT_1.resolve("guest.events"), StandardCharsets.UTF_8);
        for (String file : List.of(DATA_FILE, METADATA, OBJECT, "guest.mail")) {
            assertThat(directory.resolve(file)).as(file).hasSameBinaryContentAs(FORMAT_1.resolve(file));
        }
    }

    @Test
    void aMailOfFormat1IsRead() throws IOException, InterruptedException {
        Executable analyzer = Executable.analyzer(directory);
        String mail = FORMAT_1.resolve("guest.mail").toAbsolutePath().toString();
        Executable.Result imported = analyzer.run("import", "--from", "mail", mail, "-o", "mail.journal");
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(analyzer.run("show", "--all", "mail.journal").out().lines())
                .hasSameSizeAs(Files.readAllLines(FORMAT_1.resolve("guest.events")));
    }

    /** Their guests are the catalogue's: when it changes, a recipe says so, and is no less read. */
    @Test
    void recipesOfFormat1AreRead() throws IOException, InterruptedException {
        Executable trapline = Executable.trapline(directory);
        for (String recipe : List.of("catalogue.recipe", "own-scenario.recipe")) {
            Executable.Result repeated = trapline.run(
                    "repro", FORMAT_1.resolve(recipe).toAbsolutePath().toString());
            if (repeated.exitCode() == 5) {
                assertThat(repeated.err()).contains("the recipe is of other guest objects");
            } else {
                assertThat(repeated.out()).as(repeated.err()).startsWith("reproduced: ");
            }
        }
    }

    @Test
    void format1IsReadAndReproduced() throws IOException, InterruptedException {
        Executable analyzer = Executable.analyzer(directory);
        String expected = Files.readString(FORMAT_1.resolve("guest.events"));
        try (Stream<String> names = Stream.of("guest.journal", "guest.trap")) {
            for (String name : names.toList()) {
                String path = FORMAT_1.resolve(name).toAbsolutePath().toString();
                assertThat(analyzer.run("show", "--all", path).out()).as(name).isEqualTo(expected);
                assertThat(analyzer.run("doctor", path).exitCode()).as(name).isZero();
                Executable.Result repeated = Executable.trapline(directory).run("repro", path);
                assertThat(repeated.out()).as(repeated.err()).startsWith("reproduced: ");
            }
        }
    }
}
