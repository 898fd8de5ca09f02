package trapline.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what a shell needs to complete commands, options and names. */
@Command(
        name = "completion",
        description = "Print a completion script: source <(trapline completion) in bash and zsh,"
                + " trapline completion fish | source in fish.")
final class CompletionCommand extends ToolCommand {

    static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    private final Supplier<CommandLine> complete;

    @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash, zsh or fish; default: bash.")
    private String shell = "bash";

    record Document(String script) {}

    CompletionCommand(Supplier<CommandLine> complete) {
        this.complete = complete;
    }

    @Override
    protected ExitCode execute() {
        if (!SHELLS.contains(shell)) {
            throw new UserError(ExitCode.USAGE, "completion: there is " + String.join(", ", SHELLS) + ", no " + shell);
        }
        String script = script(complete.get(), shell);
        if (json()) {
            printJson(1, new Document(script));
        } else {
            out().print(script);
        }
        return ExitCode.CLEAN;
    }

    /** The script of a shell; that of bash asks zsh for its emulation where zsh reads it. */
    static String script(CommandLine all, String shell) {
        return shell.equals("fish") ? FishScript.of(all) : AutoComplete.bash(all.getCommandName(), all);
    }
}
