package trapline.cli;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private final Map<String, Supplier<String>> pages;

    @Parameters(
            arity = "0..1",
            paramLabel = "COMMAND",
            description = "The command to describe, or security, schema; without one, the tool as a whole.")
    private @Nullable String command;

    record Document(String page) {}

    ManCommand(Supplier<CommandLine> complete, Map<String, Supplier<String>> pages) {
        this.complete = complete;
        this.pages = pages;
    }

    @Override
    protected ExitCode execute() {
        if (SecurityPage.NAME.equals(command)) {
            return print(SecurityPage.text());
        }
        Supplier<String> page = command == null ? null : pages.get(command);
        if (page != null) {
            return print(page.get());
        }
        CommandLine described = complete.get();
        if (command != null) {
            described = described.getSubcommands().get(command);
            if (described == null) {
                throw new UserError(
                        ExitCode.USAGE, "man: no command named '" + command + "'" + Nearest.hint(command, names()));
            }
        }
        return print(ManPage.of(described.getCommandSpec()));
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>(complete.get().getSubcommands().keySet());
        names.add(SecurityPage.NAME);
        names.addAll(pages.keySet());
        return names;
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
