package trapline.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in man(7) macros. */
final class ManPage {
    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    static String of(CommandSpec command) {
        ManPage page = new ManPage();
        page.write(command);
        return page.page.toString();
    }

    private void write(CommandSpec command) {
        String title = command.qualifiedName("-");
        line(".TH \"" + title.toUpperCase(Locale.ROOT) + "\" 1 \"\" \"Trapline " + ToolVersion.TOOL + "\"");
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
