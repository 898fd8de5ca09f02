package trapline.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.cli.Console;
import trapline.journal.Journal;

/**
 * How a recording goes, twice a second on a terminal; nothing elsewhere. It reads the blocks that are committed, so that
 * the recording itself does nothing for it.
 */
final class RecordProgress implements AutoCloseable {

    private static final long MILLIS = 500;

    private final Console console;
    private final Path journal;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final @Nullable Thread thread;
    private long stepBefore;
    private long nanosBefore = System.nanoTime();
    private int width;

    RecordProgress(Console console, Path journal) {
        this.console = console;
        this.journal = journal;
        this.thread = console.errIsTerminal() ? new Thread(this::watch, "progress") : null;
    }

    /** Begins to show it. */
    void start() {
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void watch() {
        try {
            while (!ended.await(MILLIS, TimeUnit.MILLISECONDS)) {
                try (Journal opened = Journal.open(journal)) {
                    while (!ended.await(MILLIS, TimeUnit.MILLISECONDS)) {
                        opened.refresh();
                        show(opened.blocks());
                    }
                } catch (IOException e) {
                    // Not begun yet, or a ring has dropped a file: it is opened again.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(List<BlockInfo> blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        BlockInfo last = blocks.get(blocks.size() - 1);
        long now = System.nanoTime();
        double perSecond = (last.lastStep() - stepBefore) * 1e9 / (now - nanosBefore);
        long bytes = blocks.stream().mapToLong(BlockInfo::length).sum();
        String line = String.format(
                Locale.ROOT,
                "%,d events, %.1f MB, %.1f million instructions/s",
                last.endOrdinal(),
                bytes / 1e6,
                perSecond / 1e6);
        console.err().print(Console.carriageReturn() + line + " ".repeat(Math.max(0, width - line.length())));
        console.err().flush();
        width = line.length();
        stepBefore = last.lastStep();
        nanosBefore = now;
    }

    /** Ends it and clears its line. */
    @Override
    public void close() {
        ended.countDown();
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            console.err().print(Console.carriageReturn() + " ".repeat(width) + Console.carriageReturn());
        }
    }
}
