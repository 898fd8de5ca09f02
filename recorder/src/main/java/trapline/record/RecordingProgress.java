package trapline.record;

import java.util.Locale;
import trapline.cli.Console;

/** A progress bar on a terminal; nothing elsewhere. */
final class RecordingProgress implements AutoCloseable {

    private static final int WIDTH = 30;

    private final Console console;
    private final int total;
    private int done;

    RecordingProgress(Console console, int total) {
        this.console = console;
        this.total = total;
    }

    /** One more is done; from any thread. */
    synchronized void step() {
        done++;
        if (console.errIsTerminal()) {
            int filled = total == 0 ? WIDTH : WIDTH * done / total;
            console.err()
                    .print(String.format(
                            Locale.ROOT,
                            "%s[%s%s] %d of %d runs",
                            Console.carriageReturn(),
                            "#".repeat(filled),
                            " ".repeat(WIDTH - filled),
                            done,
                            total));
        }
    }

    /** Removes the bar. */
    @Override
    public void close() {
        if (console.errIsTerminal()) {
            console.err().print(Console.carriageReturn() + " ".repeat(WIDTH + 24) + Console.carriageReturn());
        }
    }
}
