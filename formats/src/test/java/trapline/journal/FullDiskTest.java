package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.StorageException;
import trapline.events.Event;

/** A disk of 3 MiB. Mounting one takes root; without, the tests are skipped and say so. */
final class FullDiskTest {

    @TempDir
    private Path directory;

    private boolean mounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", directory.toString());
        assumeTrue(mounted, "no right to mount a small disk");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            run("umount", directory.toString());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void theBlocksBeforeAreKept() throws IOException {
        List<Event> events = Streams.random(1, 500_000, 1);
        Path path = directory.resolve("a.journal");
        assertThatThrownBy(() -> {
                    try (JournalWriter writer = JournalWriter.create(path, Streams.header(1), JournalOptions.DEFAULT)) {
                        events.forEach(writer::accept);
                        writer.finish();
                    }
                })
                .hasMessageStartingWith(path + ": cannot be written")
                .hasMessageContaining("the disk is full: what was written before is kept");
        List<Event> read = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.damage()).isEmpty();
            assertThat(journal.verify()).isEmpty();
            journal.read(event -> read.add(event.copy()));
        }
        assertThat(read).hasSizeGreaterThan(100_000);
        for (int i = 0; i < read.size() - 1; i++) {
            assertThat(read.get(i).sameAs(events.get(i))).isTrue();
        }
    }

    @Test
    void aDiskThatIsFullAtOnce() throws IOException {
        Files.write(directory.resolve("filler"), new byte[2_500_000]);
        Path path = directory.resolve("a.journal");
        assertThatThrownBy(() -> JournalWriter.create(path, Streams.header(1), JournalOptions.DEFAULT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the disk is full");
    }
}
