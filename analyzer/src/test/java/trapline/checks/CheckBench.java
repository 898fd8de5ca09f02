package trapline.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.EventTextFile;
import trapline.journal.Journal;
import trapline.journal.JournalHeader;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.latency.LatencyTable;

/**
 * All checks and histograms over a long journal against the C loop of {@code samples/bench/scan.c} over the same events
 * in 16 bytes each. {@code -Pbench}; {@code -Dbench.events=100000000} for the long one.
 */
class CheckBench {

    private static final int FLAGS_PER_ROUND = 1500;

    @TempDir
    Path directory = Path.of(".");

    @Test
    void checksAgainstThePlainLoop() throws Exception {
        long wanted = Long.getLong("bench.events", 20_000_000);
        EventTextFile round = Traces.load("golden.t1");
        Path journal = directory.resolve("long.journal");
        Path plain = directory.resolve("long.bin");
        long events = write(round, wanted, journal, plain);
        System.out.printf("%d events, journal %d bytes%n", events, bytes(journal));
        for (int i = 0; i < 3; i++) {
            System.out.printf("checks and histograms: %.1f M events/s%n", events / judge(round, journal) / 1e6);
        }
        loop(plain);
    }

    private static double judge(EventTextFile round, Path path) throws IOException {
        long start = System.nanoTime();
        try (Journal journal = Journal.open(path)) {
            CheckRun run =
                    new CheckRun(round.tables(), Checks.all(), new LatencyTable().listeners(round.tables(), "", ""));
            journal.read(run);
            assertThat(run.results(journal.closed(), journal::read))
                    .extracting(result -> result.info().id() + " " + result.verdict())
                    .noneMatch(verdict -> verdict.endsWith("FAIL") || verdict.endsWith("UNKNOWN"));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void loop(Path plain) throws IOException, InterruptedException {
        Path program = directory.resolve("scan");
        run("gcc", "-O2", "-o", program.toString(), "../samples/bench/scan.c");
        for (int i = 0; i < 3; i++) {
            System.out.print("plain C loop: " + run(program.toString(), plain.toString()));
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static long bytes(Path journal) throws IOException {
        try (var files = Files.walk(journal)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** The trace again and again, with a loop of arithmetic in front of each round, as a journal and as plain structs. */
    private static long write(EventTextFile round, long wanted, Path path, Path plain) throws IOException {
        JournalHeader header = new JournalHeader(
                "bench",
                1,
                "text",
                "retired instructions",
                1,
                true,
                round.tables().delivers().stream().sorted().toList(),
                round.tables().observed(),
                round.tables().symbols().symbols(),
                Map.of(),
                "bench",
                "",
                "",
                "",
                "");
        long step = 1000;
        long events = 0;
        List<Event> body = round.events().subList(first(round, EventKind.TRAP_ENTRY), lastExit(round) + 1);
        long bodySteps = body.get(body.size() - 1).step() - body.get(0).step() + 1;
        try (JournalWriter writer = JournalWriter.create(path, header, JournalOptions.DEFAULT);
                Plain out = new Plain(plain)) {
            while (events < wanted) {
                for (int i = 0; i < FLAGS_PER_ROUND; i++) {
                    int flags = 0x202 | ((i & 7) == 0 ? 0x44 : 0x10);
                    writer.flags(0, step, 0x104100 + (i & 7) * 2, flags);
                    out.put(step, 0x104100 + (i & 7) * 2, flags, 0, 0);
                    step++;
                }
                for (Event event : body) {
                    Event moved = event.copy();
                    Event later = new Event()
                            .begin(
                                    moved.kind(),
                                    step + moved.step() - body.get(0).step(),
                                    0,
                                    moved.eip());
                    for (int f = 0; f < moved.kind().fields().size(); f++) {
                        later.set(f, moved.value(f));
                    }
                    writer.accept(later);
                    out.put(later);
                }
                step += bodySteps;
                events += FLAGS_PER_ROUND + body.size();
            }
            Event halt = round.events().get(round.events().size() - 1);
            Event end = new Event()
                    .begin(halt.kind(), step, 0, 0)
                    .set(0, 0)
                    .set(1, 0)
                    .text("");
            writer.accept(end);
            writer.finish();
        }
        return events + 1;
    }

    private static int first(EventTextFile round, EventKind kind) {
        int at = 0;
        while (round.events().get(at).kind() != kind) {
            at++;
        }
        return at;
    }

    private static int lastExit(EventTextFile round) {
        int at = round.events().size() - 1;
        while (round.events().get(at).kind() != EventKind.TRAP_EXIT) {
            at--;
        }
        return at;
    }

    /** Events of 16 bytes. */
    private static final class Plain implements AutoCloseable {
        private final OutputStream out;
        private final ByteBuffer buffer = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        private long last = 1000;

        Plain(Path file) throws IOException {
            out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
        }

        void put(Event e) throws IOException {
            switch (e.kind()) {
                case TRAP_ENTRY -> put(e.step(), e.eip(), e.value(TrapEntry.EFLAGS), 1, e.intValue(TrapEntry.VECTOR));
                case TRAP_EXIT -> put(e.step(), e.eip(), e.value(TrapExit.EFLAGS), 2, 0);
                case KPROBE_STATUS -> put(e.step(), e.eip(), e.value(Variable.NEW), 3, 0);
                default -> put(e.step(), e.eip(), e.value(EflagsWrite.NEW) & ~0x100, 0, 0);
            }
        }

        void put(long step, long eip, long value, int kind, int vector) throws IOException {
            buffer.clear();
            buffer.putInt((int) (step - last)).putInt((int) eip).putInt((int) value);
            buffer.put((byte) kind).put((byte) 0).putShort((short) vector);
            out.write(buffer.array());
            last = step;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
