package trapline.record;

import trapline.analyze.Tool;

/** Entry point of {@code trapline}. */
public final class TraplineMain {
    private TraplineMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Tool.main(
                "trapline",
                "Records what an x86 machine does around kernel probes, and proves or refutes claims about it.",
                RecorderCommands.table(),
                args);
    }
}
