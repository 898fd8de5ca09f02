package trapline.source.qemu;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of lines. A header line and the CPU state under it are printed by two calls, so that with several CPUs
 * another one's can come between them, even into the header line: headers wait, in their order, for the state whose ip,
 * sp and privilege are theirs.
 *
 * <pre>
 *     99: v=03 e=0000 i=1 cpl=0 IP=0010:ffffffff81347057 pc=ffffffff81347057 SP=0018:ffffc90000013b70 env->regs[R_EAX]=…
 * RAX=… RBX=… RCX=… RDX=…          EAX … ESP on two lines for 32-bit code
 * RIP=ffffffff81347057 RFL=00000202 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0
 * ES =… CS SS DS FS GS LDT TR GDT IDT CR0 DR0 DR6 CCS EFER
 * </pre>
 */
final class LogParser {

    /** Headers that wait for their states: with more the oldest is given up. A CPU has at most one. */
    private static final int WAITING_MAX = 64;

    private static final int WAITING_MASK = WAITING_MAX - 1;

    private static final int NOTE_COLUMNS = 200;

    private final LogListener listener;
    private final TrapRecord[] waiting = new TrapRecord[WAITING_MAX];
    private final TrapRecord state = new TrapRecord();
    private final StateLines lines = new StateLines(state);
    private final NumberSequence numbers = new NumberSequence();
    private int first;
    private int count;
    private long traps;
    private boolean notATrap;

    LogParser(LogListener listener) {
        this.listener = listener;
        for (int i = 0; i < WAITING_MAX; i++) {
            waiting[i] = new TrapRecord();
        }
    }

    /** Complete traps so far. */
    long traps() {
        return traps;
    }

    /** Takes a line. */
    void line(byte[] bytes, int from, int to, boolean cut) {
        if (lines.isOpen() && lines.take(bytes, from, to)) {
            if (lines.isLast()) {
                endState();
            }
            return;
        }
        if (lines.begins(bytes, from, to)) {
            endState();
            lines.begin(bytes, from, to);
            return;
        }
        endState();
        if (!headers(bytes, from, to) && !watched(bytes, from, to) && !isNoise(bytes, from, to)) {
            note(bytes, from, to, cut);
        }
    }

    /** The log is over. */
    void end() {
        endState();
        while (count > 0) {
            release();
        }
    }

    /** A CPU state is over: is there a header that waits for it? */
    private void endState() {
        if (!lines.isOpen()) {
            return;
        }
        boolean whole = lines.end();
        TrapRecord header = whole ? headerOf(state) : null;
        if (header != null) {
            header.takeState(state);
        } else if (count == 0 && !notATrap) {
            listener.note("a CPU state without a trap");
        }
        notATrap = false;
        releaseWhole();
    }

    /** The header right before a state is the likeliest; then the oldest. */
    private @Nullable TrapRecord headerOf(TrapRecord found) {
        if (count > 0 && waiting[first + count - 1 & WAITING_MASK].fits(found)) {
            return waiting[first + count - 1 & WAITING_MASK];
        }
        for (int i = 0; i < count; i++) {
            TrapRecord header = waiting[first + i & WAITING_MASK];
            if (header.fits(found)) {
                return header;
            }
        }
        return null;
    }

    /** Hands on what is complete; a header whose state has not come while many others' have is given up. */
    private void releaseWhole() {
        while (count > 0 && (waiting[first].hasState || count > patience())) {
            release();
        }
    }

    private static int patience() {
        return WAITING_MAX / 4;
    }

    private void release() {
        TrapRecord record = waiting[first];
        first = first + 1 & WAITING_MASK;
        count--;
        if (!record.hasState) {
            numbers.torn();
            listener.lost(1, "record " + record.number + " is torn");
            return;
        }
        long missing = numbers.missingBefore(record.number, record.taskBase);
        if (missing != 0) {
            listener.lost(missing, missing > 0 ? "records are missing" : "the numbers of the records begin again");
        }
        traps++;
        listener.trap(record);
    }

    /** Finds the headers in a line, several where CPUs have written into each other's. */
    private boolean headers(byte[] bytes, int from, int to) {
        boolean any = false;
        for (int at = from; at < to - 3; at++) {
            if (bytes[at] == ':' && bytes[at + 1] == ' ' && bytes[at + 2] == 'v' && bytes[at + 3] == '=') {
                any |= header(bytes, from, at, to);
            }
        }
        return any;
    }

    private boolean header(byte[] bytes, int from, int colon, int to) {
        if (count == WAITING_MAX) {
            release();
        }
        TrapRecord record = waiting[first + count & WAITING_MASK];
        if (!HeaderLine.parse(bytes, from, colon, to, record)) {
            return false;
        }
        count++;
        return true;
    }

    private boolean watched(byte[] bytes, int from, int to) {
        if (!Ascii.startsWith(bytes, from, to, WatchLine.PREFIX)) {
            return false;
        }
        WatchLine change = WatchLine.parse(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        if (change == null) {
            return Ascii.startsWith(bytes, from, to, WatchLine.HEADER);
        }
        releaseWhole();
        listener.watched(change);
        return true;
    }

    /** What QEMU prints beside the traps and says nothing that they do not. */
    private boolean isNoise(byte[] bytes, int from, int to) {
        if (Ascii.startsWith(bytes, from, to, "check_exception old: 0xffffffff")
                || Ascii.startsWith(bytes, from, to, "Servicing hardware INT=")
                || Ascii.startsWith(bytes, from, to, " env->regs[R_EAX]=")
                || Ascii.startsWith(bytes, from, to, " CR2=")) {
            return true;
        }
        notATrap = Ascii.startsWith(bytes, from, to, "SMM: ") || Ascii.startsWith(bytes, from, to, "CPU Reset");
        return from == to;
    }

    private void note(byte[] bytes, int from, int to, boolean cut) {
        int end = Math.min(to, from + NOTE_COLUMNS);
        StringBuilder text = new StringBuilder(new String(bytes, from, end - from, StandardCharsets.ISO_8859_1));
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                text.setCharAt(i, '.');
            }
        }
        listener.note(cut || end < to ? text + "..." : text.toString());
    }
}
