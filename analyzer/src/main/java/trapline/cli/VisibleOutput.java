package trapline.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import trapline.events.Visible;

/**
 * The one way of text out of the program: UTF-8 in which every character can be seen ({@link Visible#text}). Our own
 * colours and progress bars say by a word that nobody else can know that they mean it.
 */
final class VisibleOutput extends FilterOutputStream {

    private static final String WORD = String.format("%016x", new SecureRandom().nextLong());

    /** Bytes of a character that may be split between two writes. */
    private static final int SPLIT_BYTES_MAX = 3;

    private byte[] split = new byte[0];

    private VisibleOutput(OutputStream out) {
        super(out);
    }

    /** Standard output, or something like it. */
    static PrintStream data(OutputStream out) {
        return new PrintStream(new VisibleOutput(out), false, StandardCharsets.UTF_8);
    }

    /** Standard error, or something like it: flushed at once, and whatever is printed as a line is one. */
    static PrintStream messages(OutputStream out) {
        return new PrintStream(new VisibleOutput(out), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                super.println(Visible.line(String.valueOf(line)));
            }
        };
    }

    /** A control character of our own, which reaches the terminal as it is. */
    static String own(char control) {
        return control + WORD;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (split.length == 0 && isPlain(bytes, offset, length)) {
            out.write(bytes, offset, length);
            return;
        }
        byte[] all = Arrays.copyOf(split, split.length + length);
        System.arraycopy(bytes, offset, all, split.length, length);
        int whole = all.length - unfinished(all);
        split = Arrays.copyOfRange(all, whole, all.length);
        out.write(shown(new String(all, 0, whole, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        int from = 0;
        for (int word = text.indexOf(WORD); word >= 0; word = text.indexOf(WORD, from)) {
            int control = Math.max(from, word - 1);
            shown.append(Visible.text(text.substring(from, control))).append(text, control, word);
            from = word + WORD.length();
        }
        return shown.append(Visible.text(text.substring(from))).toString();
    }

    /** Nothing but what ASCII prints, line feeds and tabs. */
    private static boolean isPlain(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (b == 0x7f || (b < ' ' && b != '\n' && b != '\t')) {
                return false; // from 0x80 on bytes are negative
            }
        }
        return true;
    }

    /** How many bytes at the end begin a character that the next write goes on with. */
    private static int unfinished(byte[] bytes) {
        for (int back = 1; back <= Math.min(SPLIT_BYTES_MAX, bytes.length); back++) {
            int b = bytes[bytes.length - back] & 0xff;
            if (b >= 0xc0) {
                int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return length > back ? back : 0;
            } else if (b < 0x80) {
                return 0;
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        out.write(split);
        split = new byte[0];
        super.close();
    }
}
