package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.JournalHeader;
import trapline.chronicle.ChronicleFiles;
import trapline.chronicle.QueueFile;
import trapline.codec.EventEncoder;
import trapline.events.Event;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/**
 * What a journal costs beside plainer ways of storing the same events, all in one run: {@code mvn -Pbench -pl formats
 * test}. {@code -Dtrapline.bench.journal=PATH} also measures a journal that was recorded. Each number is the best of some
 * rounds, since other load only ever adds: processor time of the whole process, wall time, and bytes on disk, for each
 * event.
 */
final class JournalBench {

    private static final int ROUNDS = Integer.getInteger("trapline.bench.rounds", 5);
    private static final int EVENTS = Integer.getInteger("trapline.bench.events", 20_000_000);
    /** The ways that are ten times slower get fewer. */
    private static final int FEW_EVENTS = EVENTS / 10;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final int RECORD_BYTES = 16;
    private static final int BUFFER_BYTES = 1 << 16;

    @TempDir
    private Path directory;

    private final List<String> table = new ArrayList<>();
    private int directories;

    private interface Work {
        /** Runs once; returns bytes on disk. */
        long run() throws IOException;
    }

    private void measure(String what, long events, Work work) throws IOException {
        long wall = Long.MAX_VALUE;
        long processor = Long.MAX_VALUE;
        long bytes = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            long processorStart = SYSTEM.getProcessCpuTime();
            bytes = work.run();
            processor = Math.min(processor, SYSTEM.getProcessCpuTime() - processorStart);
            wall = Math.min(wall, System.nanoTime() - start);
        }
        double nanos = (double) wall / events;
        table.add(String.format(
                Locale.ROOT,
                "%-55s %8.2f %8.2f %8.1f %7.2f",
                what,
                (double) processor / events,
                nanos,
                1000 / nanos,
                (double) bytes / events));
    }

    @Test
    void table() throws IOException {
        table.add(String.format(
                Locale.ROOT,
                "%d events, best of %d; Java %s, %d processors",
                EVENTS,
                ROUNDS,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors()));
        table.add(String.format("%55s %8s %8s %8s %7s", "", "cpu ns", "wall ns", "M/s", "bytes"));
        measure("encode flags of a loop, no disk", EVENTS, this::encode);
        measure("journal: flags of a loop, written", EVENTS, () -> write(nextDirectory(), 0));
        measure("journal: the same, a trap in 100 flags", EVENTS, () -> write(nextDirectory(), 100));
        Path journal = nextDirectory();
        write(journal, 100);
        measure("journal: read, every event handed out", EVENTS, () -> read(journal, true));
        measure("journal: read, arithmetic left out", EVENTS, () -> read(journal, false));
        measure("FileChannel: 16-byte events, written", EVENTS, this::writeRecords);
        measure("FileChannel: 16-byte events, read", EVENTS, this::readRecords);
        measure("Chronicle Queue: one 16-byte event an excerpt, written", FEW_EVENTS, this::writeExcerpts);
        measure("Chronicle Queue: the same, read by its tailer", FEW_EVENTS, this::readExcerpts);
        String recorded = System.getProperty("trapline.bench.journal", "");
        if (!recorded.isEmpty()) {
            recorded(Path.of(recorded));
        }
        lttng();
        table.forEach(System.out::println);
    }

    /** The same number of 16-byte events as the slow ways get; its own clock, since a session takes seconds to start. */
    private void lttng() throws IOException {
        Path sources = Path.of("../samples/bench").toAbsolutePath().normalize();
        Path program = directory.resolve("lttng");
        if (Files.isExecutable(Path.of("/usr/bin/lttng"))) {
            output("gcc", "-O2", "-I" + sources, "-o", program.toString(), sources + "/lttng.c", "-llttng-ust", "-ldl");
        }
        if (!Files.exists(program)) {
            table.add("LTTng-UST: not installed here (Debian: lttng-tools, liblttng-ust-dev)");
            return;
        }
        long nanos = Long.MAX_VALUE;
        long bytes = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String said = output(sources + "/lttng.sh", program.toString(), Integer.toString(FEW_EVENTS));
            String[] numbers = said.strip().split(" ", -1);
            nanos = Math.min(nanos, Long.parseLong(numbers[1]));
            bytes = Long.parseLong(numbers[2]);
        }
        double each = (double) nanos / FEW_EVENTS;
        table.add(String.format(
                Locale.ROOT,
                "%-55s %8s %8.2f %8.1f %7.2f",
                "LTTng-UST: one 16-byte event a tracepoint, written",
                "",
                each,
                1000 / each,
                (double) bytes / FEW_EVENTS));
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private void recorded(Path path) throws IOException {
        List<Event> events = new ArrayList<>();
        JournalHeader header;
        try (Journal journal = Journal.open(path)) {
            header = journal.header();
            long limit = Math.min(journal.events(), 5_000_000);
            for (int i = 0; i < journal.blocks().size() && events.size() < limit; i++) {
                journal.read(i, i + 1, e -> events.add(e.copy()));
            }
        }
        events.removeIf(e -> e.kind() == EventKind.LOST);
        String name = header.name();
        measure(name + ": written as events", events.size(), () -> {
            Path copy = nextDirectory();
            try (JournalWriter writer = JournalWriter.create(copy, header, JournalOptions.DEFAULT)) {
                events.forEach(writer::accept);
                writer.finish();
            }
            return size(copy);
        });
        measure(name + ": read", events.size(), () -> read(path, true));
        measure(name + ": read, arithmetic left out", events.size(), () -> read(path, false));
    }

    private Path nextDirectory() {
        return directory.resolve("j" + directories++);
    }

    private static long size(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".cq4")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private long encode() {
        BlockBuffer block = new BlockBuffer(1);
        StreamState state = new StreamState(1, Streams.OBSERVED);
        EventEncoder encoder = block.begin(state, 0);
        long bytes = 0;
        for (int i = 0; i < EVENTS; i++) {
            encoder.flags(0, step(i), eip(i), now(i));
            if (encoder.isFull()) {
                block.end(encoder, state);
                bytes += block.payloadBytes();
                encoder = block.begin(state, 0);
            }
        }
        block.end(encoder, state);
        return bytes + block.payloadBytes();
    }

    /** A loop of 12 instructions that write flags, with an inner branch that is taken every third time. */
    private static long eip(int i) {
        int at = i % 12;
        return 0x100000L + at * 3L + (at > 6 && i / 12 % 3 == 0 ? 64 : 0);
    }

    private static long step(int i) {
        return i + (long) (i / 12) * 4;
    }

    private static int now(int i) {
        return 2 | (i / 12 % 3 == 0 ? 0x40 : 0) | ((i * 0x9e3779b1) >>> 29 & 4);
    }

    private long write(Path path, int flagsPerTrap) throws IOException {
        Event event = new Event();
        try (JournalWriter writer = JournalWriter.create(path, Streams.header(1), JournalOptions.DEFAULT)) {
            for (int i = 0; i < EVENTS; i++) {
                if (flagsPerTrap > 0 && i % flagsPerTrap == 0) {
                    trap(writer, event, i, i / flagsPerTrap % 2 == 0);
                } else {
                    writer.flags(0, step(i), eip(i), now(i));
                }
            }
            assertThat(writer.finish().events()).isEqualTo(EVENTS);
        }
        return size(path);
    }

    private static void trap(JournalWriter writer, Event event, int i, boolean entry) {
        if (entry) {
            event.begin(EventKind.TRAP_ENTRY, step(i), 0, eip(i));
            for (int field = 0; field < EventKind.TRAP_ENTRY.fields().size(); field++) {
                event.set(field, 0);
            }
            event.set(TrapEntry.VECTOR, 3).set(TrapEntry.IP, eip(i) + 1).set(TrapEntry.FRAME, i + 1L);
        } else {
            event.begin(EventKind.TRAP_EXIT, step(i), 0, 0x101000)
                    .set(TrapExit.IP, eip(i))
                    .set(TrapExit.CS, 8)
                    .set(TrapExit.EFLAGS, 2)
                    .set(TrapExit.ESP, 0x9000)
                    .set(TrapExit.FRAME, i - 99L);
        }
        writer.accept(event);
    }

    /** Adds up what it gets, as a check would look at it. */
    private static final class Sum implements StreamConsumer {
        private final boolean arithmetic;
        private long sum;

        Sum(boolean arithmetic) {
            this.arithmetic = arithmetic;
        }

        @Override
        public boolean wantsArithmetic() {
            return arithmetic;
        }

        @Override
        public void accept(Event event) {
            sum += event.ip() + event.value(1);
        }
    }

    private static long read(Path path, boolean arithmetic) throws IOException {
        Sum sum = new Sum(arithmetic);
        try (Journal journal = Journal.open(path)) {
            journal.read(sum);
        }
        assertThat(sum.sum).isNotZero();
        return size(path);
    }

    private Path records() {
        return directory.resolve("records");
    }

    private long writeRecords() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel file = FileChannel.open(
                records(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (int i = 0; i < EVENTS; i++) {
                buffer.putLong(step(i) << 6 | now(i)).putLong(eip(i));
                if (!buffer.hasRemaining()) {
                    flush(file, buffer);
                }
            }
            flush(file, buffer);
            return file.size();
        }
    }

    private static void flush(FileChannel file, ByteBuffer buffer) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
    }

    private long readRecords() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long sum = 0;
        try (FileChannel file = FileChannel.open(records())) {
            while (file.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.remaining() >= RECORD_BYTES) {
                    sum += buffer.getLong();
                    sum += buffer.getLong();
                }
                buffer.compact();
            }
            assertThat(sum).isNotZero();
            return file.size();
        }
    }

    private Path excerpts() {
        return directory.resolve("excerpts");
    }

    private static ChronicleQueue queue(Path path) {
        return SingleChronicleQueueBuilder.single(path.toFile())
                .timeProvider(() -> 0L)
                .build();
    }

    private long writeExcerpts() throws IOException {
        for (Path old : Files.isDirectory(excerpts()) ? ChronicleFiles.dataFiles(excerpts()) : List.<Path>of()) {
            Files.delete(old);
        }
        try (ChronicleQueue queue = queue(excerpts());
                ExcerptAppender appender = queue.createAppender()) {
            for (int i = 0; i < FEW_EVENTS; i++) {
                try (DocumentContext excerpt = appender.writingDocument()) {
                    excerpt.wire().bytes().writeLong(step(i) << 6 | now(i)).writeLong(eip(i));
                }
            }
        }
        Path file = ChronicleFiles.dataFiles(excerpts()).get(0);
        try (FileChannel channel = FileChannel.open(file)) {
            return QueueFile.usedBytes(channel, 0);
        }
    }

    private long readExcerpts() throws IOException {
        long sum = 0;
        try (ChronicleQueue queue = queue(excerpts());
                ExcerptTailer tailer = queue.createTailer()) {
            for (int i = 0; i < FEW_EVENTS; i++) {
                try (DocumentContext excerpt = tailer.readingDocument()) {
                    sum += excerpt.wire().bytes().readLong();
                    sum += excerpt.wire().bytes().readLong();
                }
            }
        }
        assertThat(sum).isNotZero();
        return 0;
    }
}
