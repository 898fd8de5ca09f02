package trapline.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import trapline.manual.ManualPage;

/** {@code help}: of the tool, of a command, or of a topic that is about no single command. */
@Command(name = "help", description = "Explain a command or a topic; without one, list them.")
final class HelpCommand extends ToolCommand {

    private final Supplier<CommandLine> complete;
    private final Map<String, ManualPage> pages;

    @Parameters(arity = "0..1", paramLabel = "TOPIC", description = "A command, or a topic that help lists.")
    private @Nullable String topic;

    record Document(String topic, String text) {}

    HelpCommand(Supplier<CommandLine> complete, Map<String, ManualPage> pages) {
        this.complete = complete;
        this.pages = pages;
    }

    @Override
    protected boolean paged() {
        return true;
    }

    @Override
    protected ExitCode execute() {
        CommandLine all = complete.get();
        String text;
        if (topic == null) {
            text = Parser.usage(all, console()) + topics();
        } else if (pages.containsKey(topic)) {
            text = pages.get(topic).markdown().get();
        } else if (all.getSubcommands().containsKey(topic)) {
            text = Parser.usage(all.getSubcommands().get(topic), console());
        } else {
            throw unknown("help", topic, all, pages);
        }
        if (json()) {
            printJson(1, new Document(topic == null ? "" : topic, text));
        } else {
            out().print(text);
        }
        return ExitCode.CLEAN;
    }

    private String topics() {
        StringBuilder text = new StringBuilder("Topics (help TOPIC):\n");
        pages.values()
                .forEach(page -> Words.hang(
                                String.format("  %-11s %s", page.name(), page.title()),
                                console().columns(),
                                " ".repeat(14))
                        .forEach(line -> text.append(line).append('\n')));
        return text.toString();
    }

    static UserError unknown(String command, String name, CommandLine all, Map<String, ManualPage> pages) {
        List<String> names = new ArrayList<>(all.getSubcommands().keySet());
        names.addAll(pages.keySet());
        return new UserError(
                ExitCode.USAGE,
                command + ": no command or topic named '" + name + "'" + trapline.text.Nearest.hint(name, names));
    }
}
