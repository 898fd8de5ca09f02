package trapline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ToolTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    record Census(int eventsCount, List<String> kinds) {}

    @Command(name = "count", description = "Counts.")
    static final class Count extends ToolCommand {
        @Option(names = "--to", description = "Last number.")
        int to = 3;

        @Override
        protected ExitCode execute() {
            if (json()) {
                printJson(1, new Census(to, List.of("trap_entry")));
            } else {
                for (int i = 1; i <= to; i++) {
                    out().println(i);
                }
            }
            return ExitCode.CLEAN;
        }
    }

    @Command(name = "broken", description = "Fails.")
    static final class Broken extends ToolCommand {
        private final Exception failure;

        Broken(Exception failure) {
            this.failure = failure;
        }

        @Override
        protected ExitCode execute() throws Exception {
            out().print("partial\n");
            throw failure;
        }
    }

    @Command(name = "sum", description = "Sums up.")
    static final class Sum extends ToolCommand {
        @Override
        protected ExitCode execute() {
            out().println("one\ntwo");
            err().println("two lines");
            return ExitCode.CLEAN;
        }
    }

    @Test
    void onATerminalWhatIsSummedUpStandsBeforeTheSum() {
        PrintStream screen = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream data = new PrintStream(new BufferedOutputStream(screen, 1 << 16), false, StandardCharsets.UTF_8);
        Console terminal = new Console(data, screen, true, true, false, 80);
        new Tool("trapline", "Tests.", new CommandTable().add("sum", Sum::new), terminal).run("sum");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\ntwo\ntwo lines\n");
    }

    private ExitCode run(Supplier<ToolCommand> broken, String... args) {
        return run(out, broken, args);
    }

    private ExitCode run(OutputStream stdout, Supplier<ToolCommand> broken, String... args) {
        CommandTable table = new CommandTable().add("count", Count::new).add("broken", broken);
        PrintStream buffered = new PrintStream(new StandardOutput(stdout), false, StandardCharsets.UTF_8);
        return new Tool("trapline", "Tests.", table, Console.plain(buffered, new PrintStream(err, true))).run(args);
    }

    private ExitCode runCount(String... args) {
        return run(Count::new, args);
    }

    private ExitCode runBroken(Exception failure, String... args) {
        return run(() -> new Broken(failure), args);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void dataGoesToStandardOutputAlone() {
        assertThat(runCount("count")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).isEqualTo("1\n2\n3\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void jsonBeginsWithItsSchemaVersion() {
        assertThat(runCount("count", "--json", "--to", "7")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).isEqualTo("""
                        {
                          "schemaVersion" : 1,
                          "eventsCount" : 7,
                          "kinds" : [
                            "trap_entry"
                          ]
                        }
                        """);
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(runCount("--help")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).contains("Usage: trapline", "count ", "Counts.", "broken ", "--version");
        assertThat(err()).isEmpty();
    }

    @Test
    void helpOfACommandNamesItsOptions() {
        assertThat(runCount("count", "--help")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).contains("Usage: trapline count", "--to=", "--json", "--debug");
    }

    @Test
    void versionIsOneLine() {
        assertThat(runCount("--version")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).isEqualTo("trapline " + ToolVersion.TOOL + "\n");
    }

    @Test
    void toolVersionIsThatOfThePom() {
        assertThat(ToolVersion.TOOL).isEqualTo(System.getProperty("trapline.version"));
    }

    @Test
    void usageErrorsAreOneLineWithAHint() {
        assertThat(runCount("count", "--too", "7")).isEqualTo(ExitCode.USAGE);
        assertThat(err())
                .matches("trapline: Unknown options: '--too', '7'.*did you mean --to.*; see trapline count --help\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void aMisspelledCommandIsCorrected() {
        assertThat(runCount("cuont")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).matches("trapline: .*'cuont'.*did you mean.*count.*; see trapline --help\n");
    }

    @Test
    void noCommandIsAUsageError() {
        assertThat(runCount()).isEqualTo(ExitCode.USAGE);
        assertThat(err()).isEqualTo("trapline: no command given; see trapline --help\n");
    }

    @Test
    void userErrorsAreOneLineWithTheirOwnCode() {
        UserError error = new UserError(ExitCode.NOT_REPRODUCED, "T1.trap: digests differ");
        assertThat(runBroken(error, "broken")).isEqualTo(ExitCode.NOT_REPRODUCED);
        assertThat(err()).isEqualTo("trapline: T1.trap: digests differ\n");
        assertThat(out()).isEqualTo("partial\n");
    }

    @Test
    void fileErrorsSayWhatIsWrongWithTheFile() {
        assertThat(runBroken(new NoSuchFileException("x.journal"), "broken")).isEqualTo(ExitCode.UNREADABLE);
        assertThat(err()).isEqualTo("trapline: x.journal: no such file or directory\n");
    }

    @Test
    void defectsAreOneLineAndAStackTraceOnlyOnRequest() {
        assertThat(runBroken(new IllegalStateException("two\nlines"), "broken")).isEqualTo(ExitCode.INTERNAL);
        assertThat(err())
                .isEqualTo("trapline: internal error: java.lang.IllegalStateException: two lines;"
                        + " --debug shows where\n");
        assertThat(runBroken(new IllegalStateException("again"), "broken", "--debug"))
                .isEqualTo(ExitCode.INTERNAL);
        assertThat(err()).contains("\tat trapline.cli.ToolTest");
    }

    @Test
    void anErrorOfTheJvmIsADefectToo() {
        assertThat(run(
                        () -> {
                            throw new InternalError("a fault occurred");
                        },
                        "broken"))
                .isEqualTo(ExitCode.INTERNAL);
        assertThat(err()).startsWith("trapline: internal error: java.lang.InternalError: a fault occurred;");
    }

    @Test
    void completionCoversEveryCommandAndOption() {
        assertThat(runCount("completion")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).startsWith("#!/usr/bin/env bash").contains("count", "--to", "broken", "completion");
    }

    @Test
    void theManualPageOfTheToolListsCommandsAndExitCodes() {
        assertThat(runCount("man")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).startsWith(".TH \"TRAPLINE\" 1 ").contains("\\fBcount\\fR\nCounts.", "\\fB70\\fR\n");
    }

    @Test
    void theManualPageOfACommandListsItsOptions() {
        assertThat(runCount("man", "count")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).startsWith(".TH \"TRAPLINE-COUNT\" 1 ").contains("\\fB\\-\\-to=<to>\\fR\nLast number.");
        assertThat(runCount("man", "cuont")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).isEqualTo("trapline: man: no command or topic named 'cuont'; did you mean 'count'?\n");
    }

    @Test
    void aReaderThatLeavesEndsTheCommandQuietly() {
        OutputStream left = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertThat(run(left, Count::new, "count")).isEqualTo(ExitCode.PIPE_CLOSED);
        assertThat(err()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX) // has /dev/full
    void aFullDiskIsReported() throws IOException {
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            assertThat(run(full, Count::new, "count")).isEqualTo(ExitCode.INTERNAL);
        }
        assertThat(err()).isEqualTo("trapline: cannot write standard output: No space left on device\n");
    }
}
