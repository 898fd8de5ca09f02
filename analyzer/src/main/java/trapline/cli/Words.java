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
