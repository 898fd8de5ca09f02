package trapline.cli;

import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Prints what a shell needs to complete commands and options. */
@Command(
        name = "completion",
        description = "Print a completion script, for bash and zsh: source <(trapline completion)")
final class CompletionCommand extends ToolCommand {
    private final Supplier<CommandLine> complete;

    record Document(String script) {}

    CompletionCommand(Supplier<CommandLine> complete) {
        this.complete = complete;
    }

    @Override
    protected ExitCode execute() {
        CommandLine all = complete.get();
        String script = AutoComplete.bash(all.getCommandName(), all);
        if (json()) {
            printJson(1, new Document(script));
        } else {
            out().print(script);
        }
        return ExitCode.CLEAN;
    }
}
