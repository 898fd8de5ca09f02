package trapline.record;

import java.util.List;
import java.util.function.Function;
import trapline.cli.Console;

/** A table of names and what they stand for. */
final class Listing {

    private Listing() {}

    static <T> void print(Console console, List<T> rows, Function<T, String> name, Function<T, String> title) {
        int width = rows.stream().mapToInt(r -> name.apply(r).length()).max().orElse(0);
        for (T row : rows) {
            String first = name.apply(row);
            console.out().println((first + " ".repeat(width + 2 - first.length()) + title.apply(row)).stripTrailing());
        }
    }
}
