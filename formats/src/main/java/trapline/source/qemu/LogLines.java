package trapline.source.qemu;

import java.io.IOException;
import java.io.InputStream;

/**
 * The lines of a stream of bytes, one after the other, in memory that does not grow: of a line that is longer than
 * {@link #LENGTH_MAX} the rest is skipped.
 */
final class LogLines {

    /** A line of a CPU state has about 100 bytes; torn ones are a few times as long. */
    static final int LENGTH_MAX = 4096;

    /** A line that goes on behind so many bytes begins again, so that whoever reads can give up. */
    private static final int SKIPPED_MAX = 16 << 20;

    private static final int BUFFER_BYTES = 1 << 18;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] beginning = new byte[LENGTH_MAX];
    private int next;
    private int end;
    private long bytesBefore;

    private byte[] line = buffer;
    private int from;
    private int to;
    private long number;
    private boolean cut;
    private boolean ended;

    LogLines(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line; false at the end of the stream. */
    boolean next() throws IOException {
        line = buffer;
        cut = false;
        int scan = next;
        while (true) {
            int newline = newline(scan);
            if (newline >= 0) {
                return take(newline, newline + 1);
            }
            if (end - next > LENGTH_MAX) {
                return takeBeginning();
            }
            scan = end - next; // fill() moves what is left to the front
            if (!fill()) {
                return end > next && take(end, end);
            }
        }
    }

    private boolean take(int lineEnd, int behind) {
        from = next;
        ended = behind > lineEnd;
        to = ended && lineEnd > from && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        cut = to - from > LENGTH_MAX;
        to = Math.min(to, from + LENGTH_MAX);
        next = behind;
        number++;
        return true;
    }

    private boolean takeBeginning() throws IOException {
        System.arraycopy(buffer, next, beginning, 0, LENGTH_MAX);
        line = beginning;
        from = 0;
        to = LENGTH_MAX;
        cut = true;
        number++;
        long limit = position() + SKIPPED_MAX;
        ended = false;
        while (!ended && position() < limit) {
            next = end;
            if (!fill()) {
                break;
            }
            int newline = newline(0);
            ended = newline >= 0;
            next = ended ? newline + 1 : next;
        }
        return true;
    }

    private int newline(int start) {
        byte[] bytes = buffer;
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Moves what is not taken yet to the front and reads more behind it; false at the end. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, next, buffer, 0, end - next);
        bytesBefore += next;
        end -= next;
        next = 0;
        int count = in.read(buffer, end, buffer.length - end);
        end += Math.max(count, 0);
        return count >= 0;
    }

    /** The bytes that hold the line. */
    byte[] bytes() {
        return line;
    }

    /** Where it begins in them. */
    int from() {
        return from;
    }

    /** Where it ends in them, without its end of line. */
    int to() {
        return to;
    }

    /** Its number, from 1. */
    long number() {
        return number;
    }

    /** Whether only its beginning is here. */
    boolean isCut() {
        return cut;
    }

    /** Whether an end of line was behind it; the last line of a log that was cut has none. */
    boolean isEnded() {
        return ended;
    }

    /** Bytes up to the end of the line. */
    long position() {
        return bytesBefore + next;
    }
}
