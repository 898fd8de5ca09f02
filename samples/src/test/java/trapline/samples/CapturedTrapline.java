package trapline.samples;

import java.io.PrintStream;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.quality.CapturedRun;
import trapline.record.TraplineMain;

/** {@code trapline} inside the process of a test. */
public final class CapturedTrapline extends CapturedRun<ExitCode> {

    @Override
    protected ExitCode main(PrintStream out, PrintStream err, String[] args) {
        return TraplineMain.tool(Console.plain(out, err)).run(args);
    }
}
