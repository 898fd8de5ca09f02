package trapline.commands;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.diff.Code;

/** {@code replay}: the state at any event. */
@Command(
        name = "replay",
        description = "Reconstructs the state at an event, forwards and backwards; without --at it reads keys.",
        footer = {"", "Keys, one line each:", ReplaySession.HELP})
final class ReplayCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", description = "Journal or bundle.")
    private Path path = Path.of(".");

    @Option(names = "--at", paramLabel = "STEP", description = "Print the state after this step's last event.")
    private @Nullable Long at;

    @Option(names = "--from", paramLabel = "STEP", description = "Print the states from this step on.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "STEP", description = "Up to this step.")
    private @Nullable Long to;

    @Option(
            names = {"-c", "--commands"},
            paramLabel = "TEXT",
            description = "Obey these keys, separated by semicolons, such as \"h;n;v\"; with --at from there on.")
    private @Nullable String commands;

    @Option(
            names = "--cpu",
            paramLabel = "N",
            description = "Stop at this CPU's events only, and show its state only; default: all.")
    private @Nullable Integer cpu;

    private boolean asks;

    private final Code.Finder code;

    /**
     * A command.
     *
     * @param code finds the code of a journal's guest, to name source lines
     */
    ReplayCommand(Code.Finder code) {
        this.code = code;
    }

    @Override
    protected ExitCode execute() throws IOException {
        try (Opened opened = Opened.journal(path, code)) {
            requireCpu(cpu, opened.header());
            range();
            ReplaySession session = new ReplaySession(opened, console(), json(), cpu == null ? -1 : cpu);
            if (at != null && !session.at(at)) {
                ExitCode read = outcome(opened.journal());
                if (read != ExitCode.CLEAN) {
                    return read; // the events up to this step are those that are missing
                }
                throw new UserError(ExitCode.USAGE, "--at " + at + ": there is no event up to this step");
            }
            if (from != null || to != null) {
                session.range(from == null ? 0 : from, to == null ? Long.MAX_VALUE : to);
            } else if (commands != null) {
                boolean more = true;
                for (Iterator<String> words = commands.lines().iterator(); more && words.hasNext(); ) {
                    more = obey(session, words.next());
                }
            } else if (at == null) {
                interact(session);
            }
            ExitCode read = outcome(opened.journal());
            // Somebody at the terminal has corrected himself; a script has not done what it was to do.
            return session.wrongKeys() > 0 && !asks ? ExitCode.USAGE : read;
        }
    }

    private void range() {
        if (at != null && (from != null || to != null)) {
            throw new UserError(ExitCode.USAGE, "--at names one step, --from and --to a range: give one or the other");
        }
        if (commands != null && (from != null || to != null)) {
            throw new UserError(
                    ExitCode.USAGE, "--from and --to print a range, --commands obeys keys: give one or the other");
        }
        requireRange(from, to);
    }

    private static boolean obey(ReplaySession session, String line) throws IOException {
        for (String command : line.split(";", -1)) {
            if (!session.command(command)) {
                return false;
            }
        }
        return true;
    }

    /** Asks at a terminal; a script's keys come through a pipe, and then nothing but states is printed. */
    private void interact(ReplaySession session) throws IOException {
        asks = Console.inIsTerminal();
        if (asks) {
            err().println(ReplaySession.HELP);
        }
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8))) {
            boolean more = true;
            while (more) {
                if (asks) {
                    err().print("> ");
                    err().flush();
                }
                String line = in.readLine();
                more = line != null && obey(session, line);
                if (asks && line == null) {
                    err().println();
                }
            }
        }
    }
}
