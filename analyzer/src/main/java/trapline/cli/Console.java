package trapline.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * Where a command writes: data to {@code out}, all else to {@code err}. Both are UTF-8 without characters that cannot be
 * seen: escape sequences of our own are made by {@link #escape}, and nobody else's reach a terminal.
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
        return new Console(
                VisibleOutput.data(out), VisibleOutput.messages(err), false, false, false, COLUMNS_WITHOUT_TERMINAL);
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
                VisibleOutput.data(new BufferedOutputStream(
                        new StandardOutput(new FileOutputStream(FileDescriptor.out)), OUT_BUFFER_BYTES)),
                VisibleOutput.messages(new FileOutputStream(FileDescriptor.err)),
                outIsTerminal,
                terminals.contains("2"),
                outIsTerminal && (noColor == null || noColor.isEmpty()),
                columns(Integer.getInteger("trapline.columns", 0)));
    }

    /** The same with colors, or without. */
    Console withColor(boolean wanted) {
        return new Console(out, err, outIsTerminal, errIsTerminal, wanted, columns);
    }

    /** What begins an escape sequence of our own. */
    public static String escape() {
        return VisibleOutput.own('\u001b');
    }

    /** What takes our own cursor to the beginning of the line. */
    public static String carriageReturn() {
        return VisibleOutput.own('\r');
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
