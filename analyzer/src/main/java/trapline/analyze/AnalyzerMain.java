package trapline.analyze;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code trapline-analyzer}. */
@Command(name = "trapline-analyzer", mixinStandardHelpOptions = true, version = "0.1.0")
public final class AnalyzerMain implements Runnable {
    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new AnalyzerMain()).execute(args));
    }

    @Override
    public void run() {}
}
