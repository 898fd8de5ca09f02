package trapline.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.cli.ToolVersion;

/** Worked questions: {@code trapline man questions}. Each is a test. */
public final class Questions {

    /** What is typed to see them. */
    public static final String NAME = "questions";

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

    /** The page, in man(7) macros. */
    public static String text() {
        StringBuilder page =
                new StringBuilder(".TH \"TRAPLINE-QUESTIONS\" 7 \"\" \"Trapline " + ToolVersion.TOOL + "\"\n");
        page.append("""
                .SH NAME
                trapline-questions - worked questions in SQL
                .SH HOW TO ASK
                \\fBtrapline query\\fR PATH... NAME, or the SELECT itself instead of NAME; the tables are those of
                \\fBtrapline man schema\\fR.
                """);
        for (Question question : all()) {
            page.append(".SH ")
                    .append(question.name())
                    .append('\n')
                    .append(question.text())
                    .append("\n.PP\n.nf\n");
            page.append(question.sql().replace("'", "\\(aq")).append("\n.fi\n");
        }
        return page.toString();
    }
}
