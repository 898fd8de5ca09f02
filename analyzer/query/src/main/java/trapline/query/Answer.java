package trapline.query;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints the rows of an answer. */
final class Answer {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ResultSet rows;
    private final List<String> names = new ArrayList<>();

    Answer(ResultSet rows) throws SQLException {
        this.rows = rows;
        ResultSetMetaData columns = rows.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
        }
    }

    /** Columns under each other; held in memory. */
    void table(PrintStream out) throws SQLException {
        List<List<String>> lines = new ArrayList<>();
        lines.add(names);
        while (rows.next()) {
            List<String> line = new ArrayList<>();
            for (int i = 1; i <= names.size(); i++) {
                line.add(word(rows.getObject(i)));
            }
            lines.add(line);
        }
        int[] widths = new int[names.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }

    /** RFC 4180, with lines that end as those of other answers do. */
    void csv(PrintStream out) throws SQLException {
        out.print(String.join(",", names.stream().map(Answer::quoted).toList()) + "\n");
        while (rows.next()) {
            List<String> cells = new ArrayList<>();
            for (int i = 1; i <= names.size(); i++) {
                Object value = rows.getObject(i);
                cells.add(value == null ? "" : quoted(value.toString()));
            }
            out.print(String.join(",", cells) + "\n");
        }
    }

    /** One object a line; a cell without a value is null. */
    void json(PrintStream out) throws SQLException, IOException {
        while (rows.next()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int i = 1; i <= names.size(); i++) {
                Object value = rows.getObject(i);
                boolean plain = value == null || value instanceof Number || value instanceof Boolean;
                row.put(names.get(i - 1), plain ? value : value.toString());
            }
            out.print(MAPPER.writeValueAsString(row) + "\n");
        }
    }

    private static String word(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
