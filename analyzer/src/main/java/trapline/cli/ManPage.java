package trapline.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import trapline.manual.Examples;
import trapline.manual.ManualPage;
import trapline.manual.Markdown;

/** A manual page in man(7) macros. */
final class ManPage {
    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** The page of a topic. */
    static String of(String tool, ManualPage topic) {
        String name = tool + "-" + topic.name();
        ManPage page = new ManPage();
        page.title(name, topic.section());
        page.section("NAME");
        page.text(name + " - " + topic.title());
        page.section("DESCRIPTION");
        page.page.append(Markdown.roff(topic.markdown().get()));
        page.section("SEE ALSO");
        page.text(tool + "(1)");
        return page.page.toString();
    }

    /** The page of a command, or of the tool. */
    static String of(CommandSpec command, Map<String, ManualPage> topics) {
        ManPage page = new ManPage();
        page.write(command);
        page.rest(command, topics);
        return page.page.toString();
    }

    private void write(CommandSpec command) {
        String title = command.qualifiedName("-");
        title(title, 1);
        section("NAME");
        List<String> description = List.of(command.usageMessage().description());
        text(title + " - " + (description.isEmpty() ? "" : description.get(0)));
        section("SYNOPSIS");
        text(synopsis(command));
        section("DESCRIPTION");
        description.forEach(this::paragraph);
        if (!command.positionalParameters().isEmpty()) {
            section("ARGUMENTS");
            command.positionalParameters().forEach(this::entry);
        }
        section("OPTIONS");
        command.options().forEach(this::entry);
        if (!command.subcommands().isEmpty()) {
            section("COMMANDS");
            command.subcommands()
                    .forEach((name, sub) ->
                            entry(name, sub.getCommandSpec().usageMessage().description()));
        }
        section("EXIT STATUS");
        for (ExitCode code : ExitCode.values()) {
            entry(String.valueOf(code.code()), code.meaning());
        }
    }

    private void rest(CommandSpec command, Map<String, ManualPage> topics) {
        CommandSpec root = command.root();
        List<Examples.Example> examples = Examples.of(root.name(), command == root ? "" : command.name());
        if (!examples.isEmpty()) {
            section("EXAMPLES");
            examples.forEach(example -> entry(example.line(), example.why()));
        }
        section("FILES");
        entry("NAME.journal/", "A recorded run: a directory.");
        entry("NAME.trap", "A bundle: a run with its guest in one file, to be sent.");
        section("SEE ALSO");
        List<String> pages = new ArrayList<>();
        if (command == root) {
            root.subcommands().keySet().forEach(name -> pages.add(root.name() + "-" + name + "(1)"));
        } else {
            pages.add(root.name() + "(1)");
        }
        topics.values().forEach(page -> pages.add(root.name() + "-" + page.name() + "(" + page.section() + ")"));
        text(String.join(", ", pages));
    }

    private void title(String title, int section) {
        line(".TH \"" + title.toUpperCase(Locale.ROOT) + "\" " + section + " \"\" \"Trapline " + ToolVersion.TOOL
                + "\"");
    }

    private static String synopsis(CommandSpec command) {
        StringBuilder synopsis = new StringBuilder(command.qualifiedName()).append(" [OPTION]...");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            synopsis.append(' ').append(parameter.paramLabel());
            if (parameter.arity().max() > 1) {
                synopsis.append("...");
            }
        }
        return command.subcommands().isEmpty() ? synopsis.toString() : synopsis + " COMMAND [ARGUMENT]...";
    }

    private void entry(ArgSpec argument) {
        String label = argument.paramLabel();
        if (argument instanceof OptionSpec option) {
            String names = String.join(", ", option.names());
            label = option.arity().max() == 0 ? names : names + "=" + label;
        }
        entry(label, argument.description());
    }

    private void entry(String label, String... description) {
        line(".TP");
        line("\\fB" + escape(label) + "\\fR");
        for (String part : description) {
            text(part);
        }
    }

    private void section(String name) {
        line(".SH " + name);
    }

    private void paragraph(String text) {
        line(".PP");
        text(text);
    }

    private void text(String text) {
        line(escape(text));
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    /** A hyphen that is typed, and no line that looks like a request. */
    private static String escape(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-").replaceAll("\\R", "\n.br\n");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
