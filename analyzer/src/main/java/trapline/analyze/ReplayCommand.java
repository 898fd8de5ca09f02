package trapline.analyze;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay}: the state at any event. */
@Command(
        name = "replay",
        description = "Reconstructs the state at an event, forwards and backwards; without --at it reads commands.")
final class ReplayCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", description = "Journal.")
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
            description = "Obey these commands, separated by semicolons, such as \"h;n;v\".")
    private @Nullable String commands;

    @Override
    protected ExitCode execute() throws IOException {
        try (Opened opened = Opened.journal(path)) {
            ReplaySession session = new ReplaySession(opened, out());
            if (at != null) {
                at(session, at);
                return outcome(opened.journal());
            }
            if (from != null || to != null) {
                range(session, from == null ? 0 : from, to == null ? Long.MAX_VALUE : to);
                return outcome(opened.journal());
            }
            if (commands != null) {
                for (String command : commands.split(";", -1)) {
                    if (!session.command(command)) {
                        break;
                    }
                }
                return outcome(opened.journal());
            }
            return interact(session);
        }
    }

    private static void at(ReplaySession session, long step) throws IOException {
        if (!session.goStep(step)) {
            throw new UserError(ExitCode.USAGE, "--at: there is no event up to step " + step);
        }
        session.print();
    }

    private static void range(ReplaySession session, long first, long last) throws IOException {
        boolean more = first == 0 ? session.go(0) : session.goStep(first);
        while (more && session.state().step() <= last) {
            session.print();
            more = session.next();
        }
    }

    private ExitCode interact(ReplaySession session) throws IOException {
        err().println(ReplaySession.HELP);
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8))) {
            boolean more = true;
            while (more) {
                err().print("> ");
                err().flush();
                String line = in.readLine();
                more = line != null && session.command(line);
            }
        }
        return ExitCode.CLEAN;
    }
}
