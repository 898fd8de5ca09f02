package trapline.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Running text for a terminal. */
public final class Words {

    private Words() {}

    /** The words of a text in lines of at most so many columns, each behind an indent. */
    public static List<String> wrap(String text, int columns, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ", -1)) {
            if (line.length() > indent.length() && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
            }
            line.append(line.length() > indent.length() ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** A text in lines of at most so many columns; its own indent stands before the first, this one before the others. */
    public static List<String> hang(String text, int columns, String indent) {
        int own = 0;
        while (own < text.length() && text.charAt(own) == ' ') {
            own++;
        }
        // What leads the first line may be longer than the indent: so much less room for its words.
        List<String> lines = wrap("x".repeat(own) + text.substring(own), columns, "");
        List<String> rest = lines.size() == 1
                ? List.of()
                : wrap(text.substring(lines.get(0).length()).strip(), columns, indent);
        List<String> all = new ArrayList<>();
        all.add(" ".repeat(own) + lines.get(0).substring(own));
        all.addAll(rest);
        return all;
    }

    /** A count with its noun. */
    public static String count(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** The name of a journal or bundle without its ending, for the names of what is made of it. */
    public static String baseName(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        String name = last == null ? "trapline" : last.toString();
        return name.replaceFirst("\\.(trap|journal)$", "");
    }
}
