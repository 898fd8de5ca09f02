package trapline.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import trapline.manual.Examples;

/** The grammar of an executable's command line. */
final class Parser {
    private static final int COLUMNS_OF_HELP_MAX = 120;

    private final String name;
    private final String description;
    private final CommandTable commands;

    /** {@code commands} and, behind them, those that describe them all. */
    Parser(String name, String description, CommandTable commands) {
        this.name = name;
        this.description = description;
        this.commands = new CommandTable()
                .addAll(commands)
                .add("help", () -> new HelpCommand(this::complete, commands.pages()))
                .add("man", () -> new ManCommand(this::complete, commands.pages()))
                .add("completion", () -> new CompletionCommand(this::complete))
                .add("install", () -> new InstallCommand(this::complete, commands.pages()));
    }

    /**
     * With all of the command that is asked for. If it is none, help or a correction is needed, and then the others'
     * names and descriptions do: to look through the options of all takes as long as everything else at the start.
     */
    CommandLine forArguments(String[] args, Console console) {
        CommandLine commandLine = root();
        Supplier<ToolCommand> wanted = args.length > 0 ? commands.makers().get(args[0]) : null;
        if (wanted != null) {
            commandLine.addSubcommand(args[0], command(args[0], wanted));
        } else {
            commands.makers().forEach((command, maker) -> commandLine.addSubcommand(command, described(maker.get())));
        }
        return commandLine
                .setUsageHelpWidth(Math.min(console.columns(), COLUMNS_OF_HELP_MAX))
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.color() ? Ansi.ON : Ansi.OFF));
    }

    private CommandLine complete() {
        CommandLine all = root();
        commands.makers().forEach((command, maker) -> all.addSubcommand(command, command(command, maker)));
        List<String> names = new ArrayList<>(commands.makers().keySet());
        names.addAll(commands.pages().keySet());
        completes(all, "help", names);
        completes(all, "man", names);
        completes(all, "completion", CompletionCommand.SHELLS);
        return all;
    }

    /** Says what the argument of a command can be: names that only this table knows. */
    private static void completes(CommandLine all, String command, List<String> names) {
        CommandSpec spec =
                Objects.requireNonNull(all.getSubcommands().get(command)).getCommandSpec();
        PositionalParamSpec parameter = spec.positionalParameters().get(0);
        spec.remove(parameter);
        spec.add(PositionalParamSpec.builder(parameter)
                .completionCandidates(names)
                .build());
    }

    /** A command with its examples below its help. */
    private CommandLine command(String command, Supplier<ToolCommand> maker) {
        CommandLine line = new CommandLine(maker.get());
        List<Examples.Example> examples = Examples.of(name, command);
        if (!examples.isEmpty()) {
            List<String> footer =
                    new ArrayList<>(List.of(line.getCommandSpec().usageMessage().footer()));
            footer.add("");
            footer.add("Examples:");
            for (Examples.Example example : examples) {
                footer.add("  " + example.line().replace("%", "%%"));
                footer.add("      " + example.why().replace("%", "%%"));
            }
            line.getCommandSpec().usageMessage().footer(footer.toArray(String[]::new));
        }
        return line;
    }

    /** The help of a command, in colours where the console has them. */
    static String usage(CommandLine command, Console console) {
        StringWriter help = new StringWriter();
        command.setUsageHelpWidth(Math.min(console.columns(), COLUMNS_OF_HELP_MAX));
        command.usage(new PrintWriter(help), CommandLine.Help.defaultColorScheme(console.color() ? Ansi.ON : Ansi.OFF));
        return help.toString().replace("\u001b", Console.escape());
    }

    private static CommandSpec described(ToolCommand command) {
        CommandSpec spec = CommandSpec.create();
        Command annotation = command.getClass().getAnnotation(Command.class);
        if (annotation != null) {
            spec.usageMessage().description(annotation.description());
        }
        return spec;
    }

    private CommandLine root() {
        CommandSpec root = CommandSpec.create()
                .name(name)
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this help; COMMAND --help that of a command.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .description("Print the version.")
                        .build());
        root.usageMessage().description(description);
        return new CommandLine(root);
    }

    /** One line: that there is no such command, and which one may have been meant. */
    String unknown(CommandLine commandLine, String command) {
        String meant = new UnmatchedArgumentException(commandLine, List.of(command))
                .getSuggestions().stream()
                        .filter(suggestion -> !command.isEmpty() && suggestion.startsWith(command.substring(0, 1)))
                        .findFirst()
                        .map(suggestion -> "; did you mean " + suggestion + "?")
                        .orElse("");
        return "there is no command '" + command + "'" + meant + "; see " + name + " --help";
    }

    /** One line: what is wrong, what may have been meant, where to read on. */
    static String message(ParameterException e) {
        // Which numbers a type of Java holds is nothing to tell a user.
        String what = String.valueOf(e.getMessage())
                .replaceFirst("is not an? (int|long)$", "is not a number, or too large")
                .replaceFirst(
                        "(?s)cannot convert .*InvalidPathException.*",
                        "no file name in this locale; LC_ALL=C.UTF-8 allows all");
        StringBuilder message = new StringBuilder(what);
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                message.append("; did you mean ").append(suggestions.get(0)).append('?');
            }
        }
        return message.append("; see ")
                .append(e.getCommandLine().getCommandSpec().qualifiedName())
                .append(" --help")
                .toString();
    }
}
