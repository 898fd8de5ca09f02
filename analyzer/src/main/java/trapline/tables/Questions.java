package trapline.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Worked questions: {@code trapline help questions}. Each is a test. */
public final class Questions {

    private Questions() {}

    /**
     * A question.
     *
     * @param name can be asked instead of the SQL
     * @param text the question
     * @param sql one SELECT, for DuckDB and for Spark
     */
    public record Question(String name, String text, String sql) {}

    /** All of them. */
    public static List<Question> all() {
        List<Question> all = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(Questions.class.getResourceAsStream("questions.sql"))) {
            String file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String part : file.split("(?m)^-- ", -1)) {
                int colon = part.indexOf(": ");
                int end = part.indexOf('\n');
                if (colon > 0) {
                    String sql = part.substring(end + 1).strip();
                    all.add(new Question(part.substring(0, colon), part.substring(colon + 2, end), sql));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** The question of a name; null if there is none. */
    public static @Nullable Question named(String name) {
        return all().stream().filter(q -> q.name().equals(name)).findFirst().orElse(null);
    }

    /** The page, in Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Worked questions in SQL

                ## How to ask

                `trapline query PATH... NAME`, or the SELECT itself instead of NAME; the tables are those of
                `trapline help schema`.
                """);
        for (Question question : all()) {
            page.append("\n## ").append(question.name()).append("\n\n").append(question.text());
            page.append("\n\n    ")
                    .append(question.sql().replace("\n", "\n    "))
                    .append('\n');
        }
        return page.toString();
    }
}
