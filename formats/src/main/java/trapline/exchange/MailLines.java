package trapline.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a mail that are as they were written, each with its number. A tag has the last digits of the number; the
 * whole of it is the one that fits the rest of the tag. Where a line is not the next one, several numbers may fit it by
 * accident, but hardly the line behind it too.
 */
final class MailLines {

    private static final Pattern EVENT = Pattern.compile("[0-9]+ [0-9]+ [0-9a-f]+ [a-z_]+");
    private static final int WORDS_OF_LINE_MAX = 200;
    private static final int COLUMNS_USUAL = 50;
    private static final int NUMBERS_MAX = MailReader.LENGTH_MAX / COLUMNS_USUAL;
    /** Lines that are looked for elsewhere: where there are more, somebody wants to keep a reader busy. */
    private static final int SEARCHES_MAX = 1000;

    /**
     * The words up to a tag.
     *
     * @param lines what may be the tag's line: all words, or only the last ones
     */
    private record Chunk(List<String> lines, String tag) {
        @Nullable String line(int number) {
            for (String line : lines) {
                if (MailLine.tag(number, line).equals(tag)) {
                    return line;
                }
            }
            return null;
        }

        /** The first number from {@code expected} on that ends in the digits of the tag. */
        int atOrAfter(int expected) {
            return expected + Math.floorMod(MailLine.number(tag) - expected, MailLine.NUMBERS);
        }
    }

    private final Iterator<String> words;
    private @Nullable Chunk following;
    private int searches;
    private int number;
    private String line = "";

    MailLines(String plain) {
        words = plain.lines()
                .flatMap(l -> Arrays.stream(l.strip().split("\\s+", -1)))
                .iterator();
        following = chunk();
    }

    /**
     * Goes to the next line that is undamaged.
     *
     * @param expected the number that it has if nothing is missing
     * @return false if there is none
     */
    boolean next(int expected) {
        while (following != null) {
            Chunk chunk = following;
            following = chunk();
            int near = chunk.atOrAfter(expected);
            String found = chunk.line(near);
            if (found != null) {
                number = near;
                line = found;
                return true;
            }
            if (following != null && searches++ < SEARCHES_MAX && findElsewhere(chunk, following, near)) {
                return true;
            }
        }
        return false;
    }

    /** The number of the line, from 0. */
    int number() {
        return number;
    }

    /** The line, with one blank between its words. */
    String line() {
        return line;
    }

    /** Looks for a line further on, or further back, where the one behind it fits too. */
    private boolean findElsewhere(Chunk chunk, Chunk behind, int near) {
        for (int n = MailLine.number(chunk.tag); n < NUMBERS_MAX; n += MailLine.NUMBERS) {
            String found = n == near ? null : chunk.line(n);
            if (found != null && behind.line(behind.atOrAfter(n + 1)) != null) {
                number = n;
                line = found;
                return true;
            }
        }
        return false;
    }

    private @Nullable Chunk chunk() {
        List<String> before = new ArrayList<>();
        while (words.hasNext()) {
            String word = words.next();
            if (MailLine.isTag(word)) {
                return new Chunk(lines(before), word);
            }
            if (!word.isEmpty() && before.size() < WORDS_OF_LINE_MAX && !word.matches("[>|]+")) {
                before.add(word);
            }
        }
        return null;
    }

    private static List<String> lines(List<String> words) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < words.size(); from++) {
            String line = String.join(" ", words.subList(from, words.size()));
            if (line.startsWith("@")
                    || line.startsWith(MailReader.START)
                    || EVENT.matcher(line).lookingAt()) {
                lines.add(line);
            }
        }
        return lines;
    }
}
