package trapline.cli;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import trapline.manual.ManualPage;

/** Prints a manual page, made from the same annotations as the help. */
@Command(name = "man", description = "Print a manual page; to read it: trapline man [COMMAND] | man -l -")
final class ManCommand extends ToolCommand {
    private final Supplier<CommandLine> complete;
    private final Map<String, ManualPage> pages;

    @Parameters(
            arity = "0..1",
            paramLabel = "TOPIC",
            description = "A command or a topic that help lists; without one, the tool as a whole.")
    private @Nullable String command;

    record Document(String page) {}

    ManCommand(Supplier<CommandLine> complete, Map<String, ManualPage> pages) {
        this.pages = pages;
        this.complete = complete;
    }

    @Override
    protected ExitCode execute() {
        CommandLine all = complete.get();
        if (command == null) {
            return print(ManPage.of(all.getCommandSpec(), pages));
        }
        ManualPage page = pages.get(command);
        if (page != null) {
            return print(ManPage.of(all.getCommandName(), page));
        }
        CommandLine described = all.getSubcommands().get(command);
        if (described == null) {
            throw HelpCommand.unknown("man", command, all, pages);
        }
        return print(ManPage.of(described.getCommandSpec(), pages));
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
