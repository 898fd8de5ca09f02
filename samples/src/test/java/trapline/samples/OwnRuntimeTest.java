package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;

/** Functions of the runtime that the user replaces: by the flow itself, by a file, or all of them by a folder. */
class OwnRuntimeTest {

    private static final Path GUEST = Path.of("guest").toAbsolutePath();

    /** Prints a mark at every write to text; {@code arch_arm_kprobe()} and others of its file call it. */
    private static final String TEXT_POKE = """

            void __kprobes text_poke(void *addr, const void *opcode, size_t len)
            {
                printk("poked by mine\\n");
                memcpy(addr, opcode, len);
                sync_core();
            }
            """;

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    @BeforeEach
    void assumeGcc() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/gcc")) || Files.isExecutable(Path.of("/usr/local/bin/gcc")),
                "no gcc here, so no C file can be compiled");
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private void ok(String... words) {
        assertThat(trapline.run(words)).as(trapline.err()).isEqualTo(ExitCode.CLEAN);
    }

    private static long poked(String console) {
        return console.lines().filter("poked by mine"::equals).count();
    }

    private Path flow() throws IOException {
        Path flow = folder.resolve("my-flow.c");
        return Files.writeString(flow, Files.readString(GUEST.resolve("flows/linux-2.6.24.c")) + TEXT_POKE);
    }

    /** All callers call it, those of its own file too, into which the compiler would have put it. */
    @Test
    void aFlowReplacesAFunctionOfTheRuntime() throws IOException {
        ok("record", "plain-probe", "--flow", flow().toString(), "-o", in("a.journal"));
        assertThat(poked(trapline.err())).isEqualTo(2);
        assertThat(trapline.err()).contains("no recipe: the guest is not all of the catalogue");
        ok("bundle", in("a.journal"), "-o", in("a.trap"));
        ok("repro", in("a.trap"));
        ok("unbundle", in("a.trap"), "-o", in("unpacked"));
        assertThat(Files.readString(folder.resolve("unpacked/guest/flows/my-flow.c")))
                .contains("poked by mine");
        assertThat(folder.resolve("unpacked/guest/runtime/step.c"))
                .hasSameTextualContentAs(GUEST.resolve("runtime/step.c"));
    }

    @Test
    void aFileReplacesItUnderAnyFlow() throws IOException {
        Files.writeString(folder.resolve("poke.c"), "#include \"flow.h\"\n" + TEXT_POKE);
        ok("record", "plain-probe", "--runtime", in("poke.c"), "-o", in("a.journal"));
        assertThat(poked(trapline.err())).isEqualTo(2);
        ok("record", "plain-probe", "--runtime", in("poke.c"), "--flow", "linux-3.16", "-o", in("b.journal"));
        assertThat(poked(trapline.err())).isEqualTo(2);
        ok("bundle", in("a.journal"), "-o", in("a.trap"));
        ok("repro", in("a.trap"));
        ok("unbundle", in("a.trap"), "-o", in("unpacked"));
        assertThat(Files.readString(folder.resolve("unpacked/guest/runtime/own-poke.c")))
                .contains("poked by mine");
    }

    @Test
    void aFolderIsTheWholeRuntime() throws IOException {
        Path runtime = Files.createDirectory(folder.resolve("runtime"));
        try (Stream<Path> files = Files.list(GUEST.resolve("runtime"))) {
            for (Path file : files.filter(f -> !f.toString().endsWith(".o")).toList()) {
                Files.copy(file, runtime.resolve(file.getFileName()));
            }
        }
        ok("record", "plain-probe", "--runtime", runtime.toString(), "-o", in("a.journal"));
        ok("record", "plain-probe", "-o", in("b.journal"));
        trapline.run("diff", in("a.journal"), in("b.journal"));
        assertThat(trapline.err() + trapline.out()).doesNotContain("guest exit code 1");
        Path lib = runtime.resolve("step.c");
        Files.writeString(lib, Files.readString(lib).replace("    sync_core();", "    printk(\"poked by mine\\n\");"));
        ok("record", "plain-probe", "--runtime", runtime.toString(), "-o", in("c.journal"));
        assertThat(poked(trapline.err())).isEqualTo(2);
        ok("bundle", in("c.journal"), "-o", in("c.trap"));
        ok("repro", in("c.trap"));
    }

    @Test
    void whatIsNoRuntimeIsSaid() throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        assertThat(trapline.run("record", "plain-probe", "--runtime", in("empty")))
                .isEqualTo(ExitCode.UNREADABLE);
        assertThat(trapline.err()).isEqualTo("trapline: " + in("empty") + ": no runtime: no .c and no .S file in it\n");
        assertThat(trapline.run("record", "plain-probe", "--runtime", in("none.c")))
                .isEqualTo(ExitCode.UNREADABLE);
        assertThat(trapline.err()).contains("no such file: " + in("none.c")).hasLineCount(1);
    }
}
