package trapline.record;

import trapline.cli.Console;
import trapline.cli.Tool;

/** Entry point of {@code trapline}. */
public final class TraplineMain {

    private static final String NAME = "trapline";
    private static final String DESCRIPTION =
            "Records what an x86 machine does around kernel probes, and proves or refutes claims about it.";

    private TraplineMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Tool.main(NAME, DESCRIPTION, RecorderCommands.table(), args);
    }

    /**
     * The tool for use inside another program, which goes on after each command.
     *
     * @param console where it writes
     */
    public static Tool tool(Console console) {
        return new Tool(NAME, DESCRIPTION, RecorderCommands.table(), console);
    }
}
