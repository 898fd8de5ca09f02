package trapline.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes: data to {@code out}, all else to {@code err}. Both are UTF-8.
 *
 * @param out standard output, buffered; flushed when the command ends
 * @param err standard error, written at once
 * @param outIsTerminal whether {@code out} is a terminal
 * @param errIsTerminal whether {@code err} is a terminal: only then are progress bars drawn
 * @param color whether {@code out} may carry colors: a terminal, and no {@code NO_COLOR} in the environment
 * @param columns width of the terminal in characters; 80 where there is none
 */
public record Console(
        PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, boolean color, int columns) {

    private static final int COLUMNS_MIN = 20;
    private static final int COLUMNS_WITHOUT_TERMINAL = 80;
    private static final int OUT_BUFFER_BYTES = 1 << 16;

    /** A console without a terminal, for tests and for writing into files. */
    public static Console plain(PrintStream out, PrintStream err) {
        return new Console(out, err, false, false, false, COLUMNS_WITHOUT_TERMINAL);
    }

    /**
     * The console of this process. The launcher says what is a terminal ({@code trapline.tty}: the descriptors, such
     * as {@code 12}) and how wide it is: Java itself has no answer that holds on 17 and on 25.
     */
    static Console ofProcess() {
        String terminals = System.getProperty("trapline.tty", "");
        boolean outIsTerminal = terminals.contains("1");
        String noColor = System.getenv("NO_COLOR");
        return new Console(
                new PrintStream(
                        new BufferedOutputStream(
                                new StandardOutput(new FileOutputStream(FileDescriptor.out)), OUT_BUFFER_BYTES),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                outIsTerminal,
                terminals.contains("2"),
                outIsTerminal && (noColor == null || noColor.isEmpty()),
                columns(Integer.getInteger("trapline.columns", 0)));
    }

    /** Whether standard input of this process is a terminal: only then is somebody there to be asked. */
    public static boolean inIsTerminal() {
        return System.getProperty("trapline.tty", "").contains("0");
    }

    /** A terminal that does not know its width says 0. */
    private static int columns(int reported) {
        return reported < COLUMNS_MIN ? COLUMNS_WITHOUT_TERMINAL : reported;
    }
}
