package trapline.analyze;

/** Entry point of {@code trapline-analyzer}. */
public final class AnalyzerMain {
    private AnalyzerMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Tool.main(
                "trapline-analyzer",
                "Checks, explains and measures recorded runs around kernel probes.",
                AnalyzerCommands.table(),
                args);
    }
}
