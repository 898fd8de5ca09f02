package trapline.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** A progress bar with rate and remaining time, redrawn in place; drawn only on a terminal. */
public final class Progress {

    private static final int BAR_COLUMNS = 24;
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();

    private final PrintStream err;
    private final boolean terminal;
    private final long total;
    private final long startNanos = System.nanoTime();
    private boolean drawn;
    private long drawnNanos;
    private long done;
    private long events;

    public Progress(Console console, long total) {
        this.err = console.err();
        this.terminal = console.errIsTerminal() && total > 1;
        this.total = total;
    }

    public void add(long moreEvents) {
        done++;
        events += moreEvents;
        long now = System.nanoTime();
        if (terminal && (!drawn || now - drawnNanos > REDRAW_NANOS || done == total)) {
            drawnNanos = now;
            drawn = true;
            err.print(Console.carriageReturn() + line(now - startNanos) + Console.escape() + "[K");
            err.flush();
        }
    }

    private String line(long elapsedNanos) {
        int full = (int) (BAR_COLUMNS * done / total);
        double seconds = Math.max(1e-3, elapsedNanos / 1e9);
        long left = Math.round(seconds / done * (total - done));
        return String.format(
                Locale.ROOT,
                "[%s%s] %d/%d journals  %.1f M events/s  %d:%02d left",
                "#".repeat(full),
                ".".repeat(BAR_COLUMNS - full),
                done,
                total,
                events / seconds / 1e6,
                left / 60,
                left % 60);
    }

    /** Takes the bar away, since something else is going to be printed; {@link #add} draws it again. */
    public void end() {
        if (drawn) {
            drawn = false;
            err.print(Console.carriageReturn() + Console.escape() + "[K");
            err.flush();
        }
    }
}
