package trapline.analyze;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command of an executable: parses, prints help, and turns every failure into one line and an exit code. */
public final class Tool {
    private final String name;
    private final String description;
    private final CommandTable commands;
    private final Console console;

    /**
     * An executable.
     *
     * @param name as typed, and in front of its error messages
     * @param description one sentence for the help
     */
    public Tool(String name, String description, CommandTable commands, Console console) {
        this.name = name;
        this.description = description;
        this.commands = commands;
        this.console = console;
    }

    /** Runs one command line in this process and ends the process. */
    public static void main(String name, String description, CommandTable commands, String[] args) {
        UnsafeWarning.silence();
        System.exit(new Tool(name, description, commands, Console.ofProcess())
                .run(args)
                .code());
    }

    /** Runs one command line; all output is flushed when this returns. */
    public ExitCode run(String... args) {
        try {
            ExitCode exitCode = dispatch(args);
            console.out().flush();
            return exitCode;
        } catch (StandardOutput.Lost e) {
            if (e.readerLeft()) {
                return ExitCode.PIPE_CLOSED;
            }
            return fail(args, ExitCode.INTERNAL, "cannot write standard output: " + reason(e.reason()), e);
        } catch (ParameterException e) {
            return fail(args, ExitCode.USAGE, usageMessage(e), e);
        } catch (UserError e) {
            return fail(args, e.exitCode(), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            return fail(args, ExitCode.UNREADABLE, reason(e), e);
        } catch (OutOfMemoryError e) {
            return fail(args, ExitCode.INTERNAL, "out of memory; JDK_JAVA_OPTIONS=-Xmx4g would allow 4 GB", e);
        } catch (Exception | StackOverflowError | LinkageError | AssertionError e) {
            return fail(args, ExitCode.INTERNAL, "internal error: " + e + "; --debug shows where", e);
        }
    }

    private ExitCode dispatch(String[] args) throws Exception {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            console.out().println(name + " " + ToolVersion.TOOL);
            return ExitCode.CLEAN;
        }
        CommandLine commandLine = commandLine(args);
        ParseResult parsed = commandLine.parseArgs(args);
        ParseResult innermost = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        CommandSpec spec = innermost.commandSpec();
        if (innermost.isUsageHelpRequested()) {
            spec.commandLine().usage(commandLine.getOut(), commandLine.getColorScheme());
            return ExitCode.CLEAN;
        }
        if (spec.userObject() instanceof ToolCommand command) {
            command.attach(console);
            return command.execute();
        }
        throw new ParameterException(commandLine, "no command given");
    }

    /** The parser: with the one command that is asked for, or with all of them if help or a correction is needed. */
    private CommandLine commandLine(String[] args) {
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
        Map<String, Supplier<ToolCommand>> makers = commands.makers();
        boolean one = args.length > 0 && makers.containsKey(args[0]);
        CommandLine commandLine = new CommandLine(root);
        makers.forEach((command, maker) -> {
            if (!one || command.equals(args[0])) {
                commandLine.addSubcommand(command, new CommandLine(maker.get()));
            }
        });
        return commandLine
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(Math.min(console.columns(), 120))
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.color() ? Ansi.ON : Ansi.OFF));
    }

    private static String usageMessage(ParameterException e) {
        StringBuilder message = new StringBuilder(String.valueOf(e.getMessage()));
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

    /** Java's file exceptions often carry nothing but the path. */
    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof NoSuchFileException) {
            return message + ": no such file or directory";
        } else if (e instanceof AccessDeniedException) {
            return message + ": permission denied";
        } else if (e instanceof FileAlreadyExistsException) {
            return message + ": exists already";
        } else if (e instanceof NotDirectoryException) {
            return message + ": not a directory";
        } else if (e instanceof FileNotFoundException || e.getMessage() != null) {
            return message;
        }
        return e.toString();
    }

    private ExitCode fail(String[] args, ExitCode exitCode, String message, Throwable cause) {
        if (exitCode != ExitCode.INTERNAL) {
            console.out().flush();
        }
        console.err().println(name + ": " + message.replaceAll("\\s*\\R\\s*", " "));
        if (Arrays.asList(args).contains("--debug")) {
            cause.printStackTrace(console.err());
        }
        return exitCode;
    }
}
