package trapline.codec.passage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The passages that one consumer has met. */
public final class Passages {

    /** More are not kept: what has so many ways does not recur. */
    public static final int COUNT_MAX = 32;

    private final List<Passage> known = new ArrayList<>();

    /**
     * The passage of some content.
     *
     * @param words holds the content
     * @param length of it
     * @return null where it is new, and no more are kept
     */
    @Nullable Passage of(long[] words, int length) {
        for (Passage passage : known) {
            long[] content = passage.content();
            if (Arrays.equals(content, 0, content.length, words, 0, length)) {
                return passage;
            }
        }
        if (known.size() == COUNT_MAX) {
            return null;
        }
        Passage passage = new Passage(known.size(), Arrays.copyOf(words, length));
        known.add(passage);
        return passage;
    }
}
