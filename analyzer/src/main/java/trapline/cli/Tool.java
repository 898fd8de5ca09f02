package trapline.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import trapline.block.StorageException;

/** Runs one command of an executable: parses, prints help, and turns every failure into one line and an exit code. */
public final class Tool {
    private final String name;
    private final Parser parser;
    private final Console console;

    /**
     * An executable.
     *
     * @param name as typed, and in front of its error messages
     * @param description one sentence for the help
     */
    public Tool(String name, String description, CommandTable commands, Console console) {
        this.name = name;
        this.parser = new Parser(name, description, commands);
        this.console = console;
    }

    /** Runs one command line in this process and ends the process. */
    public static void main(String name, String description, CommandTable commands, String[] args) {
        UnsafeWarning.silence();
        ExitCode exitCode = new Tool(name, description, commands, Console.ofProcess()).run(args);
        if (exitCode != ExitCode.CLEAN) {
            System.exit(exitCode.code()); // not always: since Java 21 it first loads the logging classes
        }
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
            return fail(args, ExitCode.INTERNAL, "cannot write standard output: " + Reason.of(e.reason()), e);
        } catch (ParameterException e) {
            return fail(args, ExitCode.USAGE, Parser.message(e), e);
        } catch (UserError e) {
            return fail(args, e.exitCode(), String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException | StorageException e) {
            return fail(args, ExitCode.INTERNAL, String.valueOf(e.getMessage()), e); // output that cannot be written
        } catch (IOException e) {
            return fail(args, ExitCode.UNREADABLE, Reason.of(e), e);
        } catch (OutOfMemoryError e) {
            return fail(args, ExitCode.INTERNAL, "out of memory; JDK_JAVA_OPTIONS=-Xmx4g would allow 4 GB", e);
        } catch (Exception | Error e) {
            return fail(args, ExitCode.INTERNAL, "internal error: " + e + "; --debug shows where", e);
        }
    }

    private ExitCode dispatch(String[] args) throws Exception {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            console.out().println(name + " " + ToolVersion.TOOL);
            return ExitCode.CLEAN;
        }
        CommandLine commandLine = parser.forArguments(args, console);
        if (args.length > 0
                && !args[0].startsWith("-")
                && !commandLine.getSubcommands().containsKey(args[0])) {
            throw new UserError(ExitCode.USAGE, parser.unknown(commandLine, args[0]));
        }
        ParseResult parsed = commandLine.parseArgs(args);
        ParseResult innermost = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        CommandSpec spec = innermost.commandSpec();
        if (innermost.isUsageHelpRequested()) {
            console.out().print(Parser.usage(spec.commandLine(), console));
            return ExitCode.CLEAN;
        }
        if (spec.userObject() instanceof ToolCommand command) {
            return execute(command);
        }
        throw new ParameterException(commandLine, "no command given");
    }

    private ExitCode execute(ToolCommand command) throws Exception {
        Console wanted = command.colored(console);
        Pager pager = command.paged() && console.outIsTerminal() && Console.inIsTerminal()
                ? Pager.start(System.getenv())
                : null;
        if (pager == null) {
            command.attach(name, wanted);
            return command.execute();
        }
        try (pager) {
            Console through = pager.console(wanted);
            command.attach(name, through);
            ExitCode code = command.execute();
            through.out().flush();
            return code;
        }
    }

    private ExitCode fail(String[] args, ExitCode exitCode, String message, Throwable cause) {
        flushWhatThereIs();
        console.err().println(name + ": " + message.replaceAll("\\s*\\R\\s*", " "));
        if (Arrays.asList(args).contains("--debug")) {
            cause.printStackTrace(console.err());
        }
        return exitCode;
    }

    /** What was found out before the failure is printed, unless that is what failed. */
    private void flushWhatThereIs() {
        try {
            console.out().flush();
        } catch (StandardOutput.Lost e) {
            // The first failure is the one to tell.
        }
    }
}
