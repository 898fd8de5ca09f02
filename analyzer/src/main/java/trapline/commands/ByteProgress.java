package trapline.commands;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongConsumer;
import trapline.cli.Console;
import trapline.source.qemu.LogInput;

/** One line with rate and remaining time while a log is read, redrawn in place; drawn only on a terminal. */
final class ByteProgress implements LongConsumer, AutoCloseable {

    private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();
    private static final double MEGABYTE = 1e6;

    private final PrintStream err;
    private final boolean terminal;
    private final LogInput in;
    private final String what;
    private final long startNanos = System.nanoTime();
    private long drawnNanos = startNanos;
    private boolean drawn;

    ByteProgress(Console console, LogInput in, String what) {
        this.err = console.err();
        this.terminal = console.errIsTerminal();
        this.in = in;
        this.what = what;
    }

    @Override
    public void accept(long textBytes) {
        long now = System.nanoTime();
        if (terminal && now - drawnNanos > REDRAW_NANOS) {
            drawnNanos = now;
            drawn = true;
            err.print("\r" + line(textBytes, (now - startNanos) / 1e9) + "\u001b[K");
            err.flush();
        }
    }

    private String line(long textBytes, double seconds) {
        String rate = String.format(
                Locale.ROOT, "%s  %.0f MB, %.0f MB/s", what, textBytes / MEGABYTE, textBytes / MEGABYTE / seconds);
        if (in.size() <= 0 || in.read() == 0) {
            return rate;
        }
        long left = Math.round(seconds / in.read() * (in.size() - in.read()));
        return rate
                + String.format(Locale.ROOT, "  %d%%  %d:%02d left", 100 * in.read() / in.size(), left / 60, left % 60);
    }

    @Override
    public void close() {
        if (drawn) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
