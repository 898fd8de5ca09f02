package trapline.record;

import java.util.List;
import java.util.function.Function;
import trapline.cli.Console;
import trapline.cli.Words;

/** A table of names and what they stand for. */
final class Listing {

    private Listing() {}

    static <T> void print(Console console, List<T> rows, Function<T, String> name, Function<T, String> title) {
        int width = rows.stream().mapToInt(r -> name.apply(r).length()).max().orElse(0);
        for (T row : rows) {
            String first = name.apply(row);
            String line = first + " ".repeat(width + 2 - first.length()) + title.apply(row);
            int hang = Math.min(width + 2, console.columns() / 2);
            Words.hang(line.stripTrailing(), console.columns(), " ".repeat(hang))
                    .forEach(console.out()::println);
        }
    }
}
