package trapline.quality;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A program that tests run inside their own process; what its last run printed is kept. Its standard output is buffered
 * as that of a process is, so that a test sees no more than the program has flushed.
 *
 * @param <E> how a run ends
 */
public abstract class CapturedRun<E> {

    private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    private final PrintStream outStream =
            new PrintStream(new BufferedOutputStream(outBytes), false, StandardCharsets.UTF_8);
    private final PrintStream errStream = new PrintStream(errBytes, true, StandardCharsets.UTF_8);

    /** A program that has not run yet: it has printed nothing. */
    protected CapturedRun() {}

    /** Runs the program once, which writes to these streams only. */
    protected abstract E main(PrintStream out, PrintStream err, String[] args);

    /** Runs the program, and forgets what it printed before. */
    public final E run(String... args) {
        outBytes.reset();
        errBytes.reset();
        return main(outStream, errStream, args);
    }

    /** What the last run, or the one under way, wrote to its standard output. */
    public final String out() {
        return outBytes.toString(StandardCharsets.UTF_8);
    }

    /** What the last run, or the one under way, wrote to its standard error. */
    public final String err() {
        return errBytes.toString(StandardCharsets.UTF_8);
    }
}
