package trapline.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.samples.CapturedTrapline;

/** C out of somebody's archive: it is compiled where a scenario is run, and that is all it can have done. */
class ForeignSourcesTest {

    private static final Path FLOW = Path.of("guest/flows/linux-2.6.24.c");
    private static final String SECRET = "int the_secret_of_another_folder;";

    @TempDir
    Path top;

    private Path folder = Path.of("");
    private String err = "";

    @BeforeEach
    void gccIsHere() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "no gcc here, so no C file can be compiled");
        folder = Files.createDirectory(top.resolve("unpacked here"));
        Files.writeString(top.resolve("secret.h"), SECRET);
    }

    private int run(String flow) throws IOException {
        Path scenario = folder.resolve("s.yaml");
        Files.writeString(scenario, "name: s\nflow: './" + flow + "'\nworkload: plain-probe\n");
        CapturedTrapline trapline = new CapturedTrapline();
        int exitCode = trapline.run(
                        "record",
                        scenario.toString(),
                        "-o",
                        folder.resolve("s.journal").toString())
                .code();
        err = trapline.err();
        return exitCode;
    }

    private int compiled(String... first) throws IOException {
        Files.writeString(folder.resolve("f.c"), String.join("\n", first) + "\n" + Files.readString(FLOW));
        return run("f.c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@options.c", "-B.c", "-fplugin=.c", "a b.c", "$(touch ran).c", "x\"\\.c", "größe.c"})
    void aNameIsNeverAnOption(String name) throws IOException {
        Files.copy(FLOW, folder.resolve(name));
        Files.writeString(folder.resolve("options.c"), "-wrapper " + folder.resolve("ran.sh") + "\n");
        assertThat(run(name)).as(err).isZero();
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void whatItIncludesFromItsOwnFolderIsFound() throws IOException {
        Files.writeString(folder.resolve("own.h"), "#define OWN 1\n");
        Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("deep.h"), "#include \"../own.h\"\n");
        assertThat(compiled("#include \"sub/deep.h\"", "#include <stdint.h>", "char own[OWN];"))
                .as(err)
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#include \"../secret.h\"",
                "#include \"own/../../secret.h\"",
                "#include \"link.h\"",
                "#include \"hidden/.secret.h\"",
                "#define NAME \"../secret.h\"\n#include NAME",
                "#include_next \"../secret.h\"",
                "#include ABSOLUTE",
                "#import ABSOLUTE",
                "#include ABSOLUTE\n#error and it fails",
            })
    void nothingIsIncludedFromElsewhere(String directive) throws IOException {
        Files.createDirectory(folder.resolve("own"));
        Files.writeString(Files.createDirectory(folder.resolve("hidden")).resolve(".secret.h"), SECRET);
        Files.createSymbolicLink(folder.resolve("link.h"), Path.of("../secret.h"));
        String text =
                directive.replace("ABSOLUTE", '"' + top.resolve("secret.h").toString() + '"');
        assertThat(compiled(text)).isEqualTo(4);
        assertThat(err).contains("f.c: ").doesNotContain("the_secret_of_another_folder");
        assertThat(folder.resolve("s.journal")).doesNotExist();
    }

    @Test
    void whatIsRefusedIsNamed() throws IOException {
        compiled("#include \"" + top.resolve("secret.h") + '"');
        assertThat(err)
                .isEqualTo("trapline: " + folder + "/./f.c: includes " + top.resolve("secret.h")
                        + ", which is not in its own folder and none of the guest's headers\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".incbin \\\"FILE\\\"",
                ".include \\\"FILE\\\"",
                "nop; .INCBIN \\\"FILE\\\"",
                ".macro m a\\n .inc\\\\a \\\"FILE\\\"\\n .endm\\n m bin",
                ".irp x,inc\\n .\\\\x\\\\()bin \\\"FILE\\\"\\n .endr",
            })
    void theAssemblerReadsNothing(String assembler) throws IOException {
        String file = top.resolve("secret.h").toString();
        assertThat(compiled("__asm__(\"" + assembler.replace("FILE", file) + "\");"))
                .isEqualTo(4);
        assertThat(err).contains("its assembler text reads a file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#pragma GCC pch_preprocess \"own.gch\"",
                "_Pragma(\"GCC pch_preprocess \\\"own.gch\\\"\")",
            })
    void aPrecompiledHeaderIsNotLoaded(String pragma) throws IOException {
        assertThat(compiled(pragma)).isEqualTo(4);
        assertThat(err).contains("precompiled header");
    }

    @Test
    void aPrecompiledHeaderBesideAHeaderHasNoSay() throws IOException {
        Files.writeString(folder.resolve("own.h"), "#define OWN 1\n");
        Files.writeString(folder.resolve("own.h.gch"), "gpch.012 and no more of it");
        assertThat(compiled("#include \"own.h\"", "char own[OWN];")).as(err).isZero();
    }

    @ParameterizedTest
    @CsvSource({"flow,../other.c", "workload,../other.c", "image,../other.elf", "image,link.elf", "flow,link.c"})
    void aScenarioNamesFilesOfItsOwnFolderOnly(String key, String file) throws IOException {
        Files.copy(FLOW, top.resolve("other.c"));
        Files.writeString(top.resolve("other.elf"), "no matter what");
        Files.createSymbolicLink(folder.resolve("link.c"), top.resolve("other.c"));
        Files.createSymbolicLink(folder.resolve("link.elf"), top.resolve("other.elf"));
        String other = key.equals("flow") ? "workload: plain-probe" : "flow: linux-2.6.24";
        String yaml = "name: s\n" + key + ": '" + file + "'\n" + (key.equals("image") ? "" : other + "\n");
        Path scenario = Files.writeString(folder.resolve("s.yaml"), yaml);
        CapturedTrapline trapline = new CapturedTrapline();
        assertThat(trapline.run("record", scenario.toString()).code()).isEqualTo(4);
        assertThat(trapline.err()).contains("s.yaml:2:", "not in the scenario's folder");
    }

    @Test
    void aSourceThatDoesNotEndIsCutOff() throws IOException {
        StringBuilder bomb = new StringBuilder("#define X0 1,1,1,1,1,1,1,1,1,1\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("#define X")
                    .append(i)
                    .append((" X" + (i - 1) + ',').repeat(10))
                    .append('\n');
        }
        assertThat(compiled(bomb + "char bomb[] = { X11 };")).isEqualTo(4);
        assertThat(err.lines().count()).isLessThan(20);
    }
}
