package trapline.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.Visible;
import trapline.text.EventTextTables;
import trapline.text.FieldText;

/**
 * Events as comma-separated values (RFC 4180): one row for each event, one column for each field name that any kind has,
 * empty where the kind lacks it. Text that a spreadsheet would take for a formula has an apostrophe in front. Addresses, EFLAGS images and hexadecimal fields begin with {@code 0x}.
 */
public final class CsvExport implements EventConsumer {

    private static final List<String> COMMON = List.of("ordinal", "step", "cpu", "eip", "symbol", "kind", "text");

    private static final Pattern FORMULA = Pattern.compile("[=+@]|-(?![0-9]+$)");

    private final Appendable out;
    private final FieldText text;
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private final String[] cells;

    /**
     * Writes the head line.
     *
     * @param out takes the lines
     * @param tables names of the stream
     * @throws IOException if {@code out} cannot take them
     */
    public CsvExport(Appendable out, EventTextTables tables) throws IOException {
        this.out = out;
        this.text = new FieldText(tables);
        for (EventKind kind : EventKind.values()) {
            kind.fields().forEach(field -> columns.putIfAbsent(field.name(), columns.size()));
        }
        cells = new String[columns.size()];
        out.append(String.join(",", COMMON))
                .append(',')
                .append(String.join(",", columns.keySet()))
                .append("\r\n");
    }

    @Override
    public void accept(Event e) {
        try {
            out.append(Long.toString(e.ordinal())).append(',').append(Long.toString(e.step()));
            out.append(',').append(Integer.toString(e.cpu())).append(",0x").append(Long.toHexString(e.ip()));
            out.append(',')
                    .append(quoted(text(text.symbol(e.ip()))))
                    .append(',')
                    .append(e.kind().label());
            out.append(',').append(quoted(text(e.text())));
            fields(e);
            out.append("\r\n");
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void fields(Event e) throws IOException {
        Arrays.fill(cells, "");
        List<Field> fields = e.kind().fields();
        for (int i = 0; i < fields.size(); i++) {
            Integer column = columns.get(fields.get(i).name());
            if (column != null) {
                cells[column] = text.word(fields.get(i), e.value(i));
            }
        }
        for (String cell : cells) {
            out.append(',').append(quoted(text(cell)));
        }
    }

    /** Text of others: a spreadsheet would compute a cell that begins like a formula. */
    static String text(String text) {
        String shown = Visible.line(text);
        return FORMULA.matcher(shown).lookingAt() ? "'" + shown : shown;
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
