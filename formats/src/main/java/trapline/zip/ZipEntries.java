package trapline.zip;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of a zip file, found in one way or another. */
interface ZipEntries extends Closeable {

    /** Their names, in the order of the file or of its directory. */
    List<String> names();

    /**
     * Unpacks an entry.
     *
     * @param name from {@link #names}
     * @param bytesMax the most that it may unpack to
     * @return its bytes; null if there is no such entry
     * @throws trapline.block.JournalException if it is longer, or damaged
     */
    byte @Nullable [] read(String name, int bytesMax) throws IOException;
}
