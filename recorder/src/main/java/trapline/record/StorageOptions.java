package trapline.record;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import trapline.cli.ExitCode;
import trapline.cli.UserError;
import trapline.journal.JournalOptions;

/** How a journal is stored; its events do not depend on it. */
final class StorageOptions {

    @Option(names = "--sync", description = "Make each block durable before the run goes on.")
    private boolean sync;

    @Option(
            names = "--keep-last",
            paramLabel = "EVENTS",
            description = "Flight recorder: drop the oldest files, but keep at least this many last events.")
    private long keepLast;

    @Option(
            names = "--roll",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "Begin another file at this size, such as 256M.")
    private long rollBytes;

    @Option(
            names = "--size-limit",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "Stop when the journal would be larger than this, such as 2G; what is there is kept.")
    private long bytesMax;

    JournalOptions journal() {
        if (keepLast < 0) {
            throw new UserError(ExitCode.USAGE, "--keep-last is a number of events, not " + keepLast);
        }
        return new JournalOptions(sync, rollBytes, keepLast, bytesMax);
    }

    /** A number of bytes with K, M or G behind it, or nothing. */
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            String upper = text.toUpperCase(Locale.ROOT);
            if (!upper.matches("[0-9]{1,12}[KMG]?")) {
                throw new TypeConversionException("'" + text + "' is no size such as 64K, 256M or 2G");
            }
            int unit = "KMG".indexOf(upper.charAt(upper.length() - 1)) + 1;
            String number = unit == 0 ? upper : upper.substring(0, upper.length() - 1);
            return Long.parseLong(number) << (10 * unit);
        }
    }
}
