package trapline.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import trapline.text.Nearest;

/** Prints a manual page, made from the same annotations as the help. */
@Command(name = "man", description = "Print a manual page; to read it: trapline man [COMMAND] | man -l -")
final class ManCommand extends ToolCommand {
    private final Supplier<CommandLine> complete;

    @Parameters(
            arity = "0..1",
            paramLabel = "COMMAND",
            description = "The command to describe, or security; without one, the tool as a whole.")
    private @Nullable String command;

    record Document(String page) {}

    ManCommand(Supplier<CommandLine> complete) {
        this.complete = complete;
    }

    @Override
    protected ExitCode execute() {
        if (SecurityPage.NAME.equals(command)) {
            return print(SecurityPage.text());
        }
        CommandLine described = complete.get();
        if (command != null) {
            described = described.getSubcommands().get(command);
            if (described == null) {
                throw new UserError(
                        ExitCode.USAGE,
                        "man: no command named '" + command + "'"
                                + Nearest.hint(
                                        command, complete.get().getSubcommands().keySet()));
            }
        }
        return print(ManPage.of(described.getCommandSpec()));
    }

    private ExitCode print(String page) {
        if (json()) {
            printJson(1, new Document(page));
        } else {
            out().print(page);
        }
        return ExitCode.CLEAN;
    }
}
