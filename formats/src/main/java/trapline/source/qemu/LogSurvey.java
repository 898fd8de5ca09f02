package trapline.source.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import trapline.block.JournalHeader;

/** What must be known of a log before its first event is written: how many CPUs there are, and where its traps are. */
final class LogSurvey {

    /** A log of QEMU has a trap in its first bytes, unless it begins with much else. */
    static final long FIRST_TRAP_BYTES_MAX = 64L << 20;

    private static final int PLACES_MAX = 1 << 16;

    private final Set<Long> taskBases = new TreeSet<>(Long::compareUnsigned);
    private final Set<Long> places = new TreeSet<>(Long::compareUnsigned);
    private final TrapRecord record = new TrapRecord();
    private final Set<String> watched = new TreeSet<>();
    private boolean traps;
    private boolean wide;
    private boolean complete;

    /** What the gdbstub watched in the run of the log; empty where it did not. */
    Set<String> watched() {
        return watched;
    }

    /** Addresses of the task state segments. */
    Set<Long> taskBases() {
        return taskBases;
    }

    /** Where the traps of the kernel were taken, as far as there is room. */
    Set<Long> places() {
        return places;
    }

    /** Whether there is any trap. */
    boolean hasTraps() {
        return traps;
    }

    /** Whether any trap was taken in 64-bit code. */
    boolean isWide() {
        return wide;
    }

    /**
     * Reads a log to its end.
     *
     * @param progress is told how many bytes of the log were read
     * @param firstOnly end behind the first trap
     */
    void read(InputStream in, LongConsumer progress, boolean firstOnly) throws IOException {
        LogLines lines = new LogLines(in);
        while (lines.next()) {
            take(lines.bytes(), lines.from(), lines.to());
            if ((lines.number() & 0xffff) == 0) {
                progress.accept(lines.position());
            }
            if (firstOnly ? complete : !traps && lines.position() > FIRST_TRAP_BYTES_MAX) {
                return;
            }
        }
    }

    private void take(byte[] bytes, int from, int to) {
        if (to - from < 4) {
            return;
        }
        byte first = bytes[from];
        if (first == 'T' && bytes[from + 1] == 'R') {
            boolean whole = StateLines.task(bytes, from, to, record);
            complete |= traps;
            if (whole
                    && record.taskSelector != 0
                    && record.taskBase != 0
                    && taskBases.size() < JournalHeader.CPUS_MAX) {
                taskBases.add(record.taskBase);
            }
        } else if (first == 't' && Ascii.startsWith(bytes, from, to, WatchLine.HEADER)) {
            int begin = from + WatchLine.HEADER.length();
            String names = new String(bytes, begin, to - begin, StandardCharsets.ISO_8859_1);
            watched.addAll(List.of(names.split(" ", -1)));
        } else if (first == 'R' && bytes[from + 1] == 'A') {
            wide = true;
        } else if (first == ' ' || first <= '9') {
            header(bytes, from, to);
        }
    }

    private void header(byte[] bytes, int from, int to) {
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        if (colon < to && HeaderLine.parse(bytes, from, colon, to, record)) {
            traps = true;
            if (record.cpl == 0 && places.size() < PLACES_MAX) {
                places.add(record.ip);
            }
        }
    }
}
