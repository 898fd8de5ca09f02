package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trapline.cli.ToolVersion;
import trapline.samples.Executable.Result;

/** The two executables start from anywhere, on every supported Java, and print what was asked and no more. */
class LauncherTest {
    private static final Result VERSION = new Result(0, "trapline " + ToolVersion.TOOL + "\n", "");

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("trapline.samples.Jdk#installed")
    void theVersionIsAllThatIsPrinted(Jdk jdk) throws Exception {
        assertThat(Executable.trapline(folder).on(jdk).run("--version")).isEqualTo(VERSION);
        assertThat(Executable.analyzer(folder).on(jdk).run("--version"))
                .isEqualTo(new Result(0, "trapline-analyzer " + ToolVersion.TOOL + "\n", ""));
    }

    @ParameterizedTest
    @MethodSource("trapline.samples.Jdk#installed")
    void itIsAJarToo(Jdk jdk) throws Exception {
        assertThat(Executable.trapline(folder).asJar(jdk).run("--version")).isEqualTo(VERSION);
    }

    @Test
    void itRunsThroughALinkFromAFolderWithSpaces() throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("my own bin"));
        Path link = Files.createSymbolicLink(spaced.resolve("trap line"), Executable.TRAPLINE);
        assertThat(Executable.of(link, folder).run("--version")).isEqualTo(VERSION);
        assertThat(Executable.of(Path.of("./trap line"), spaced).run("--version"))
                .isEqualTo(VERSION);
        Files.delete(link); // or JUnit warns that it leads out of the folder it cleans up
    }

    @Test
    void aCopyFoundThroughThePathRuns() throws Exception {
        Files.copy(Executable.TRAPLINE, folder.resolve("trapline-copy"));
        Executable shell = new Executable(List.of("/bin/sh", "-c", "trapline-copy \"$@\"", "sh"), folder, Map.of());
        assertThat(shell.with("PATH", folder + ":" + System.getenv("PATH")).run("--version"))
                .isEqualTo(VERSION);
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        Result result = Executable.trapline(folder).run("show", "x.journal", "two  words", "$HOME *", "");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("'two  words'", "'$HOME *'", "''");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aReaderThatLeavesIsNoError() throws Exception {
        Executable shell = new Executable(
                List.of("/bin/sh", "-c", Executable.TRAPLINE + " completion | head -n 1"), folder, Map.of());
        assertThat(shell.run()).isEqualTo(new Result(0, "#!/usr/bin/env bash\n", ""));
    }

    @Test
    void withoutJavaItSaysWhatToInstall() throws Exception {
        Result result = Executable.trapline(folder)
                .with("JAVA_HOME", "")
                .with("PATH", folder.toString())
                .run("--version");
        assertThat(result)
                .isEqualTo(new Result(
                        70,
                        "",
                        "trapline: no Java found; install Java 17 or later (Debian: openjdk-17-jre-headless)"
                                + " or set JAVA_HOME\n"));
    }

    @Test
    void anOldJavaIsNamedInsteadOfStarted() throws Exception {
        Path home = folder.resolve("old java");
        script(home.resolve("bin/java"), "echo started");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\nOS_ARCH=\"x86_64\"\n");
        Result result =
                Executable.trapline(folder).with("JAVA_HOME", home.toString()).run("--version");
        assertThat(result.exitCode()).isEqualTo(70);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("trapline: " + home + "/bin/java is Java 11.0.2; install Java 17");
    }

    @Test
    void aJavaHomeWithoutJavaFallsBackToThePath() throws Exception {
        assertThat(Executable.trapline(folder)
                        .with("JAVA_HOME", folder.resolve("nothing").toString())
                        .run("--version"))
                .isEqualTo(VERSION);
    }

    @Test
    void installPutsProgramPagesCompletionAndClassesInPlace() throws Exception {
        Path prefix = folder.resolve("prefix");
        Executable home = Executable.trapline(folder)
                .with("HOME", folder.toString())
                .with("XDG_CACHE_HOME", folder.resolve("cache").toString());
        Result installed = home.run("install", "--prefix", prefix.toString());
        assertThat(installed.exitCode()).as(installed.err()).isZero();
        assertThat(prefix.resolve("share/man/man1/trapline-check.1")).isNotEmptyFile();
        assertThat(prefix.resolve("share/man/man5/trapline-scenario.5")).isNotEmptyFile();
        assertThat(prefix.resolve("share/bash-completion/completions/trapline"))
                .content()
                .contains("nmi-during-step");
        assertThat(folder.resolve("cache/trapline"))
                .isDirectoryContaining(file -> file.toString().endsWith(".jsa"));
        Executable own = Executable.of(prefix.resolve("bin/trapline"), folder)
                .with("XDG_CACHE_HOME", folder.resolve("cache").toString());
        assertThat(own.run("--version")).isEqualTo(VERSION);
        Files.setLastModifiedTime(prefix.resolve("bin/trapline"), FileTime.fromMillis(0));
        assertThat(own.run("--version")).as("with an archive of another file").isEqualTo(VERSION);
    }

    private static void script(Path file, String line) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
