package trapline.tables;

import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of one table, cell by cell in the order of its columns. What fails while they are written is thrown as an
 * {@link java.io.UncheckedIOException}, because the rows come out of replays.
 */
public interface Rows extends Closeable {

    /** The next cell, of a column of numbers. */
    void number(long value);

    /** The next cell, of a column of text; null where the row has none. */
    void text(@Nullable String value);

    /** The next cell has no value. */
    void none();

    /** The row is complete. */
    void endRow();

    /** The next cell: a number, or none where there is no such thing. */
    default void numberIf(boolean known, long value) {
        if (known) {
            number(value);
        } else {
            none();
        }
    }
}
