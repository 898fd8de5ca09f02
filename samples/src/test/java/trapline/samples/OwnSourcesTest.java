package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows and workloads of the user's own: C files that are compiled on the way. */
class OwnSourcesTest {

    private static final Path GUEST = Path.of("guest").toAbsolutePath();

    @TempDir
    Path folder;

    private void assumeGcc() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/gcc")) || Files.isExecutable(Path.of("/usr/local/bin/gcc")),
                "no gcc here, so no C file can be compiled");
    }

    @Test
    void theCataloguesOwnSourcesRunAsItsObjectsDo() throws Exception {
        assumeGcc();
        Files.copy(GUEST.resolve("flows/linux-2.6.24.c"), folder.resolve("my-flow.c"));
        Files.copy(GUEST.resolve("workloads/plain-probe.c"), folder.resolve("my-module.c"));
        Executable trapline = Executable.trapline(folder);
        String own = Recorded.record(
                        trapline,
                        "plain-probe",
                        folder.resolve("own.journal"),
                        "--flow",
                        "my-flow.c",
                        "--workload",
                        "my-module.c",
                        "--check")
                .get("end")
                .asText();
        assertThat(own).isEqualTo("exit");
        assertThat(trapline.run("repro", "own.journal").exitCode()).isZero();
    }

    @Test
    void aBundleOfThemRunsWhereThereIsNoGcc() throws Exception {
        assumeGcc();
        Files.copy(GUEST.resolve("flows/linux-2.6.24.c"), folder.resolve("my-flow.c"));
        Recorded.record(
                Executable.trapline(folder), "plain-probe", folder.resolve("own.journal"), "--flow", "my-flow.c");
        assertThat(Executable.trapline(folder).run("bundle", "own.journal").exitCode())
                .isZero();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.move(folder.resolve("own.trap"), elsewhere.resolve("own.trap"));
        Executable trapline = Executable.trapline(elsewhere).with("CC", "no-such-gcc");
        assertThat(trapline.run("repro", "own.trap").out()).startsWith("reproduced: ");
        assertThat(trapline.run("unbundle", "own.trap").exitCode()).isZero();
        assertThat(elsewhere.resolve("own/guest/flows/my-flow.c")).hasSameTextualContentAs(folder.resolve("my-flow.c"));
    }

    @Test
    void whatGccSaysIsPassedOn() throws Exception {
        assumeGcc();
        Files.writeString(folder.resolve("broken.c"), "#include \"flow.h\"\nint f(void) { return no_such; }\n");
        Executable.Result result = Executable.trapline(folder).run("record", "plain-probe", "--flow", "broken.c");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).contains("broken.c:2:22: error: ", "no_such");
        assertThat(result.err().lines().reduce((a, b) -> b).orElse("")).endsWith("broken.c: does not compile");
        assertThat(folder.resolve("plain-probe.journal")).doesNotExist();
    }

    @Test
    void withoutGccOneLineSaysWhatToInstall() throws Exception {
        Files.writeString(folder.resolve("my.c"), "int x;\n");
        Executable.Result result =
                Executable.trapline(folder).with("CC", "no-such-gcc").run("record", "plain-probe", "--flow", "my.c");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .isEqualTo("trapline: no-such-gcc: not found; to compile C, install gcc (Debian: apt install gcc)"
                        + " or set CC\n");
    }

    @Test
    void aFlowThatIsIncompleteIsRefusedByTheLinker() throws Exception {
        assumeGcc();
        Files.writeString(folder.resolve("empty.c"), "int nothing;\n");
        Executable.Result result = Executable.trapline(folder).run("record", "plain-probe", "--flow", "empty.c");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).matches("trapline: runtime/runtime.o: undefined symbol '\\w+', used at .*\n");
    }
}
