package trapline.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A place for a journal that is thrown away afterwards, unless the user wants to keep it. */
public final class ScratchJournal implements Closeable {

    private final Path journal;
    private final boolean kept;
    private final Path folder;

    /**
     * Makes one.
     *
     * @param keep where the journal is to stay; null: it goes when this is closed
     */
    public ScratchJournal(@Nullable Path keep) throws IOException {
        kept = keep != null;
        folder = keep != null ? keep : Files.createTempDirectory("trapline");
        journal = keep != null ? keep : folder.resolve("repeated.journal");
    }

    public Path path() {
        return journal;
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            if (Files.exists(journal)) {
                OldJournal.remove(journal);
            }
            Files.delete(folder);
        }
    }
}
