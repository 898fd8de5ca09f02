package trapline.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of a program that behaves as QEMU does towards us: it writes to the file behind {@code -D}. */
class QemuRunTest {

    @TempDir
    private Path folder = Path.of(".");

    private QemuRun run(String script, Duration limit) throws IOException {
        Path program = folder.resolve("qemu-system-test");
        Files.writeString(program, "#!/bin/sh\nwhile [ \"$1\" != -D ]; do shift; done\nlog=$2\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new QemuRun(QemuCommandLine.parse(program.toString()), plan(limit));
    }

    private static QemuRun.Plan plan(Duration limit) {
        return new QemuRun.Plan(List.of(), null, name -> 0, limit);
    }

    private QemuRun.End go(QemuRun run) throws IOException {
        return run.run(folder.resolve("log.gz"), folder.resolve("console"), bytes -> {}, () -> false);
    }

    private static long scratchFolders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("trapline-qemu"))
                    .count();
        }
    }

    @Test
    void theLogComesThroughAFifo() throws IOException {
        long before = scratchFolders();
        QemuRun.End end = go(run("seq 1 20000 > $log; seq 20001 40000 >> $log", Duration.ofSeconds(60)));
        assertThat(end.inTime()).isTrue();
        assertThat(end.exitCode()).isZero();
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("log.gz")))) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(text.lines()).hasSize(40000).endsWith("39999", "40000");
            assertThat(end.bytes()).isEqualTo(text.length());
        }
        assertThat(scratchFolders()).isEqualTo(before);
    }

    @Test
    void whatDoesNotBeginIsSaidInItsOwnWords() throws IOException {
        long before = scratchFolders();
        assertThatThrownBy(() -> go(run("echo no such kernel; exit 1", Duration.ofSeconds(60))))
                .isInstanceOf(QemuException.class)
                .hasMessageContaining("no such kernel");
        assertThatThrownBy(() -> go(new QemuRun(QemuCommandLine.parse("/not/there"), plan(Duration.ofSeconds(1)))))
                .isInstanceOf(QemuException.class)
                .hasMessageContaining("cannot be started");
        assertThat(scratchFolders()).isEqualTo(before);
    }

    @Test
    void whatDoesNotEndIsEnded() throws IOException {
        long before = scratchFolders();
        QemuRun.End end = go(run("echo once > $log; exec sleep 100", Duration.ofSeconds(1)));
        assertThat(end.inTime()).isFalse();
        assertThat(end.bytes()).isEqualTo(5);
        assertThat(scratchFolders()).isEqualTo(before);
    }

    @Test
    void whatTheGdbstubCannotDoIsRefused() {
        QemuRun.Plan watching = new QemuRun.Plan(Watch.parse("kprobes"), null, name -> 1, Duration.ofSeconds(1));
        assertThatThrownBy(() -> new QemuRun(QemuCommandLine.parse("qemu -smp 2"), watching))
                .hasMessageContaining("with 2 CPUs the gdbstub of QEMU loses");
        assertThatThrownBy(() -> new QemuRun(QemuCommandLine.parse("qemu -D x"), watching))
                .hasMessageContaining("leave -D out");
    }
}
