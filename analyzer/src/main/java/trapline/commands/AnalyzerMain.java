package trapline.commands;

import trapline.cli.Console;
import trapline.cli.Tool;

/** Entry point of {@code trapline-analyzer}. */
public final class AnalyzerMain {

    private static final String NAME = "trapline-analyzer";
    private static final String DESCRIPTION = "Checks, explains and measures recorded runs around kernel probes.";

    private AnalyzerMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Tool.main(NAME, DESCRIPTION, AnalyzerCommands.table(), args);
    }

    /**
     * The tool for use inside another program, which goes on after each command.
     *
     * @param console where it writes
     */
    public static Tool tool(Console console) {
        return new Tool(NAME, DESCRIPTION, AnalyzerCommands.table(), console);
    }
}
