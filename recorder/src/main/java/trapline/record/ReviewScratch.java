package trapline.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Places for what a review makes on its way: what nobody asked to keep is gone afterwards. */
final class ReviewScratch implements Closeable {

    private final Path scratch;
    private final @Nullable Path kept;

    /**
     * Makes them.
     *
     * @param kept where journals and the patched C stay; null: nothing does
     */
    ReviewScratch(@Nullable Path kept) throws IOException {
        scratch = Files.createTempDirectory("trapline-review-");
        this.kept = kept == null ? null : Files.createDirectories(kept);
    }

    /** Where compiled handlers go. */
    Path path() {
        return scratch;
    }

    /** Where journals go. */
    Path journals() {
        return kept == null ? scratch : kept;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(scratch)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
