package trapline.cli;

import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import trapline.block.JournalHeader;
import trapline.journal.Journal;

/**
 * What every command has in common. A subclass carries picocli's {@code @Command(name, description)}, its own options,
 * and {@link #execute}; it is entered in {@link trapline.commands.AnalyzerCommands} or in the recorder's list.
 */
public abstract class ToolCommand {
    @Option(names = "--json", description = "Print one JSON document instead of text.")
    private boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "always, never, or auto: on a terminal, unless NO_COLOR is set. Default: auto.")
    private Color color = Color.auto;

    /** When output has colours. */
    enum Color {
        auto,
        always,
        never
    }

    @Option(names = "--debug", description = "On an error, print the stack trace too.")
    @SuppressWarnings("unused") // Tool looks for it in the raw arguments, since parsing may be what fails
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    @SuppressWarnings("unused") // picocli's parse result has it
    private boolean help;

    private String tool = "trapline";
    private @Nullable Console console;

    /**
     * Does the work. A {@link UserError} ends with its line and code, an {@link java.io.IOException} with its message
     * and {@link ExitCode#UNREADABLE}, anything else is a defect: one line and {@link ExitCode#INTERNAL}.
     */
    protected abstract ExitCode execute() throws Exception;

    /** Whether {@code --json} was given. */
    public final boolean json() {
        return json;
    }

    /** Where to write, and what is known about the terminal. */
    public final Console console() {
        if (console == null) {
            throw new IllegalStateException("run commands through Tool");
        }
        return console;
    }

    /** Something that writes a file. */
    @FunctionalInterface
    protected interface Output {
        /** Writes it. */
        void write() throws IOException;
    }

    /**
     * Writes a file; where that fails, the exit code is that of output, not of input.
     *
     * @param file for the message; empty where the failure names it
     */
    protected static void writing(Object file, Output output) {
        try {
            output.write();
        } catch (IOException e) {
            String reason = Reason.of(e);
            String where = reason.contains(file.toString()) ? "" : file + ": ";
            throw new UserError(ExitCode.INTERNAL, "cannot write " + where + reason, e);
        }
    }

    /** Refuses a CPU that a journal does not have; null stands for all. */
    protected static void requireCpu(@Nullable Integer cpu, JournalHeader header) {
        if (cpu != null && (cpu < 0 || cpu >= header.cpus())) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--cpu " + cpu + ": the journal has " + Words.count(header.cpus(), "CPU", "CPUs")
                            + ", numbered from 0");
        }
    }

    /** Refuses steps that nothing can be at; null stands for an end that is not given. */
    protected static void requireRange(@Nullable Long from, @Nullable Long to) {
        if ((from != null && from < 0) || (to != null && to < 0)) {
            throw new UserError(ExitCode.USAGE, "--from, --to: steps count from 0");
        }
        if (from != null && to != null && from > to) {
            throw new UserError(ExitCode.USAGE, "--from " + from + " is behind --to " + to);
        }
    }

    /** Standard output: data only. */
    public final PrintStream out() {
        return console().out();
    }

    /** Prints a line about something that went wrong without ending the command: the executable's name stands first. */
    protected final void complain(String line) {
        err().println(tool + ": " + line);
    }

    /**
     * Standard error: progress, summaries, warnings. On a terminal both streams end up on one screen, and what is summed
     * up stands before the sum.
     */
    public final PrintStream err() {
        if (console().outIsTerminal()) {
            out().flush();
        }
        return console().err();
    }

    /** Prints {@code document}, a record or a map, as JSON with {@code schemaVersion} in front. */
    public final void printJson(int schemaVersion, Object document) {
        Json.print(out(), schemaVersion, document);
    }

    /**
     * The exit code of a command that has read journals and found nothing else to complain about. What is wrong with them
     * is said in a line each; damage that costs no event changes nothing.
     */
    protected final ExitCode outcome(Journal... journals) {
        ExitCode code = ExitCode.CLEAN;
        for (Journal journal : journals) {
            warn(journal.path().toString(), journal.complaint());
            if (journal.lacksEvents()) {
                code = ExitCode.LOSSY;
            }
        }
        return code;
    }

    /**
     * Says in one line what is wrong with a journal that could be read.
     *
     * @param complaint {@link Journal#complaint}; nothing is said if it is empty
     */
    protected final void warn(String path, String complaint) {
        if (!complaint.isEmpty()) {
            err().println(path + ": " + complaint + "; '" + tool + " doctor " + path + "' tells all");
        }
    }

    /** Whether on a terminal the output goes through a pager, which shows what fits on the screen as it is. */
    protected boolean paged() {
        return false;
    }

    /** A console with the colours that were asked for. */
    final Console colored(Console given) {
        return color == Color.auto ? given : given.withColor(color == Color.always);
    }

    final void attach(String toolName, Console attached) {
        tool = toolName;
        console = attached;
    }
}
