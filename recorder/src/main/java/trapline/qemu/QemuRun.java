package trapline.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One run of QEMU with its log of traps and, if asked for, its gdbstub. */
public final class QemuRun {

    private static final Duration CONNECT_MAX = Duration.ofSeconds(20);
    private static final int IDLE_NANOS = 50_000;
    private static final int SPINS = 2000;

    private final QemuCommandLine command;
    private final Plan plan;

    /**
     * What is asked for.
     *
     * @param watches variables to be watched; empty for none
     * @param window function to be stepped through, or null
     * @param symbols address of a kernel symbol by its name, 0 where there is none
     * @param limit QEMU is ended after that time
     */
    public record Plan(List<Watch> watches, @Nullable String window, ToLongFunction<String> symbols, Duration limit) {

        boolean usesGdb() {
            return !watches.isEmpty() || window != null;
        }
    }

    /**
     * How it ended.
     *
     * @param inTime whether QEMU ended by itself
     * @param exitCode its exit code; 0 if it had to be ended
     * @param bytes of log
     * @param stops of the gdbstub
     */
    public record End(boolean inTime, int exitCode, long bytes, long stops) {}

    /**
     * Prepares a run.
     *
     * @throws IllegalArgumentException if the command line and the plan do not go together
     */
    public QemuRun(QemuCommandLine command, Plan plan) {
        for (String ours : List.of("d", "D", "gdb", "s", "S")) {
            if (command.has(ours)) {
                throw new IllegalArgumentException(
                        "--qemu: leave -" + ours + " out of the command line, record sets it itself");
            }
        }
        if (plan.usesGdb() && command.cpus() > 1) {
            throw new IllegalArgumentException("--watch, --window: with " + command.cpus()
                    + " CPUs the gdbstub of QEMU loses a fifth of the stops; use -smp 1, or leave them out");
        }
        this.command = command;
        this.plan = plan;
    }

    /**
     * Runs it to its end.
     *
     * @param log takes the log, compressed
     * @param console takes what the guest writes to its serial line, where the command line leaves that to us
     * @param progress is told the bytes of log so far
     * @param stop asks whether to end it early
     * @throws QemuException if QEMU cannot be started or does not do what is needed
     */
    public End run(Path log, Path console, LongConsumer progress, BooleanSupplier stop) throws IOException {
        try (Scratch scratch = new Scratch();
                LogSpool spool = new LogSpool(scratch.fifo("log"), log);
                QemuProcess qemu = new QemuProcess(words(scratch, console), scratch.file("output"))) {
            if (!plan.usesGdb()) {
                return follow(qemu, spool, null, progress, stop);
            }
            try (GdbClient gdb = connect(scratch.file("gdb"), qemu)) {
                WatchSession session =
                        new WatchSession(gdb, spool, target(), plan.watches(), plan.window(), plan.symbols());
                session.begin();
                return follow(qemu, spool, session, progress, stop);
            }
        }
    }

    private Target target() {
        long entry = plan.symbols().applyAsLong("__per_cpu_offset");
        int wordBytes = entry >>> Integer.SIZE == 0 ? Integer.BYTES : Long.BYTES;
        return new Target(wordBytes, command.words().get(0).contains("x86_64"));
    }

    private List<String> words(Scratch scratch, Path console) {
        List<String> words = new ArrayList<>(command.words());
        words.addAll(List.of("-d", "int", "-D", scratch.file("log").toString()));
        if (!command.has("serial") && !command.has("nographic")) {
            words.addAll(List.of("-serial", "file:" + console));
        }
        if (!command.has("display") && !command.has("nographic")) {
            words.addAll(List.of("-display", "none"));
        }
        if (plan.usesGdb()) {
            words.addAll(List.of("-gdb", "unix:" + scratch.file("gdb") + ",server=on,wait=off", "-S"));
        }
        return words;
    }

    private static GdbClient connect(Path socket, QemuProcess qemu) throws IOException {
        long deadline = System.nanoTime() + CONNECT_MAX.toNanos();
        while (qemu.isAlive() && System.nanoTime() < deadline) {
            if (Files.exists(socket)) {
                try {
                    return GdbClient.connect(socket);
                } catch (IOException e) {
                    // It is there, but nobody listens yet.
                }
            }
            idle();
        }
        throw new QemuException("QEMU has not begun: " + qemu.complaint());
    }

    private End follow(
            QemuProcess qemu,
            LogSpool spool,
            @Nullable WatchSession session,
            LongConsumer progress,
            BooleanSupplier stop)
            throws IOException {
        long deadline = System.nanoTime() + plan.limit().toNanos();
        int spins = 0;
        while (qemu.isAlive() && System.nanoTime() < deadline && !stop.getAsBoolean()) {
            boolean any = spool.take();
            try {
                any |= session != null && session.step();
            } catch (IOException e) { // such as a pipe that is broken, since it has gone
                if (!hasEnded(qemu)) {
                    throw e;
                }
            }
            spins = any ? 0 : spins + 1;
            if (spins > SPINS) {
                progress.accept(spool.bytes());
                idle();
            }
        }
        boolean ended = !qemu.isAlive();
        spool.take();
        if (ended && spool.bytes() == 0) {
            throw new QemuException("QEMU has ended without a trap: " + qemu.complaint());
        }
        return new End(ended, ended ? qemu.exitCode() : 0, spool.bytes(), session == null ? 0 : session.stops());
    }

    /** The stub goes a moment before its process. */
    private static boolean hasEnded(QemuProcess qemu) throws IOException {
        long deadline = System.nanoTime() + CONNECT_MAX.toNanos();
        while (qemu.isAlive() && System.nanoTime() < deadline) {
            idle();
        }
        return !qemu.isAlive();
    }

    private static void idle() throws QemuException {
        try {
            Thread.sleep(0, IDLE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QemuException("interrupted");
        }
    }
}
