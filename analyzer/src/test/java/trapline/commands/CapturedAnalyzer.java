package trapline.commands;

import java.io.PrintStream;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.quality.CapturedRun;

/** {@code trapline-analyzer} inside the process of a test. */
public final class CapturedAnalyzer extends CapturedRun<ExitCode> {

    @Override
    protected ExitCode main(PrintStream out, PrintStream err, String[] args) {
        return AnalyzerMain.tool(Console.plain(out, err)).run(args);
    }
}
