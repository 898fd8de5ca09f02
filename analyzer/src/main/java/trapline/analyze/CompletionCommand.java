package trapline.analyze;

import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Prints what a shell needs to complete commands and options. */
@Command(
        name = "completion",
        description = "Print the completion script for bash and zsh; to use it: source <(trapline completion).")
final class CompletionCommand extends ToolCommand {
    private final Supplier<CommandLine> complete;

    CompletionCommand(Supplier<CommandLine> complete) {
        this.complete = complete;
    }

    @Override
    protected ExitCode execute() {
        CommandLine all = complete.get();
        out().print(AutoComplete.bash(all.getCommandName(), all));
        return ExitCode.CLEAN;
    }
}
