package trapline.record;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code trapline.recordr}. */
@Command(name = "trapline", mixinStandardHelpOptions = true, version = "trapline 0.1.0")
public final class TraplineMain implements Runnable {
    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new TraplineMain()).execute(args));
    }

    @Override
    public void run() {}
}
