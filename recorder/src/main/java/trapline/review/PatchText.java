package trapline.review;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The change of one file out of a patch, or of the mail that it came in.
 *
 * @param oldName of the file before, without the {@code a/} of git
 * @param newName of the file after it, without the {@code b/}
 * @param hunks in order
 */
public record PatchText(String oldName, String newName, List<Hunk> hunks) {

    private static final Pattern HUNK =
            Pattern.compile("@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+\\d{1,9}(?:,(\\d{1,9}))? @@.*");
    private static final Pattern PREFIX = Pattern.compile("^[ab]/");

    /**
     * One hunk.
     *
     * @param first line that it says it begins at, from 1
     * @param lines each behind its {@code ' '}, {@code '+'} or {@code '-'}
     */
    public record Hunk(int first, List<String> lines) {
        List<String> before() {
            return side('+');
        }

        List<String> after() {
            return side('-');
        }

        private Hunk undone() {
            return new Hunk(first, lines.stream().map(Hunk::undone).toList());
        }

        private static String undone(String line) {
            return switch (line.charAt(0)) {
                case '+' -> '-' + line.substring(1);
                case '-' -> '+' + line.substring(1);
                default -> line;
            };
        }

        private List<String> side(char dropped) {
            return lines.stream()
                    .filter(line -> line.charAt(0) != dropped)
                    .map(line -> line.substring(1))
                    .toList();
        }
    }

    /** The changes of all files in a text; what stands around them does not matter. */
    public static List<PatchText> all(String text) {
        List<String> lines = text.lines().toList();
        List<PatchText> all = new ArrayList<>();
        for (int i = 0; i + 2 < lines.size(); i++) {
            if (lines.get(i).startsWith("--- ")
                    && lines.get(i + 1).startsWith("+++ ")
                    && HUNK.matcher(lines.get(i + 2)).matches()) {
                List<Hunk> hunks = new ArrayList<>();
                int next = i + 2;
                while (next < lines.size() && HUNK.matcher(lines.get(next)).matches()) {
                    next = hunk(lines, next, hunks);
                }
                all.add(new PatchText(name(lines.get(i)), name(lines.get(i + 1)), hunks));
                i = next - 1;
            }
        }
        return all;
    }

    private static String name(String line) {
        return PREFIX.matcher(line.substring(4).replaceFirst("\\t.*", "").strip())
                .replaceFirst("");
    }

    private static int hunk(List<String> lines, int at, List<Hunk> hunks) {
        Matcher head = HUNK.matcher(lines.get(at));
        if (!head.matches()) {
            return at + 1;
        }
        int before = head.group(2) == null ? 1 : Integer.parseInt(head.group(2));
        int after = head.group(3) == null ? 1 : Integer.parseInt(head.group(3));
        List<String> body = new ArrayList<>();
        int next = at + 1;
        while (next < lines.size() && (before > 0 || after > 0)) {
            // Mailers cut blanks at the end of lines: an empty one is an empty line of context.
            String line = lines.get(next).isEmpty() ? " " : lines.get(next);
            char mark = line.charAt(0);
            if (" +-\\".indexOf(mark) < 0) {
                break;
            }
            if (mark != '\\') {
                body.add(line);
                before -= mark == '+' ? 0 : 1;
                after -= mark == '-' ? 0 : 1;
            }
            next++;
        }
        hunks.add(new Hunk(Integer.parseInt(head.group(1)), body));
        return next;
    }

    /**
     * The whole file with the change made.
     *
     * @param source the file before
     * @throws IllegalArgumentException if it does not fit: one line
     */
    public String apply(String source) {
        List<String> lines = new ArrayList<>(source.lines().toList());
        int shift = 0;
        for (int i = 0; i < hunks.size(); i++) {
            Hunk hunk = hunks.get(i);
            int at = place(lines, hunk, hunk.first() - 1 + shift);
            if (at < 0) {
                throw new IllegalArgumentException("hunk " + (i + 1) + " of the change of " + newName + " (line "
                        + hunk.first() + ") does not fit");
            }
            List<String> old = lines.subList(at, at + hunk.before().size());
            old.clear();
            lines.addAll(at, hunk.after());
            shift = at
                    - (hunk.first() - 1)
                    + hunk.after().size()
                    - hunk.before().size();
        }
        return String.join("\n", lines) + "\n";
    }

    /**
     * The whole file without the change, of one in which it has been made.
     *
     * @param source the file after
     * @throws IllegalArgumentException if it does not fit: one line
     */
    public String undo(String source) {
        return new PatchText(newName, oldName, hunks.stream().map(Hunk::undone).toList()).apply(source);
    }

    /** Where a hunk fits, nearest to where it says first; -1 if nowhere. */
    private static int place(List<String> lines, Hunk hunk, int wanted) {
        List<String> before = hunk.before();
        for (int distance = 0; distance <= lines.size(); distance++) {
            if (fits(lines, before, wanted + distance)) {
                return wanted + distance;
            }
            if (fits(lines, before, wanted - distance)) {
                return wanted - distance;
            }
        }
        return -1;
    }

    private static boolean fits(List<String> lines, List<String> before, int at) {
        if (at < 0 || at + before.size() > lines.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!lines.get(at + i).stripTrailing().equals(before.get(i).stripTrailing())) {
                return false;
            }
        }
        return true;
    }
}
