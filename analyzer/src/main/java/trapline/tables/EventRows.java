package trapline.tables;

import static trapline.tables.Column.number;
import static trapline.tables.Column.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.FieldType;
import trapline.events.KprobeStatus;
import trapline.text.EventTextTables;

/**
 * Rows of {@link Table#EVENTS}. Fields of one name share a column, {@code field_} and the name, because some of the names
 * are words of SQL.
 */
final class EventRows implements EventConsumer {

    private static final List<Column> COMMON = List.of(
            Column.run(),
            number("ordinal", "number of the event"),
            number("step", "global step"),
            number("cpu", "CPU"),
            number("eip", "address of the instruction"),
            text("symbol", "symbol and offset of eip").orNone(),
            text("kind", "kind of the event"),
            text("note", "text of marks, complaints and ends").orNone(),
            text("target_symbol", "symbol and offset of the address among its fields")
                    .orNone(),
            text("status", "kprobe_status after the event, of kind kprobe_status")
                    .orNone());

    private static final Map<String, Integer> PLACES = new LinkedHashMap<>();
    private static final int[][] COLUMN_OF_FIELD = new int[EventKind.values().length][];

    static final List<Column> COLUMNS = columns();

    private final String run;
    private final EventTextTables tables;
    private final Rows rows;
    private final int[] fieldOfColumn = new int[PLACES.size()];

    EventRows(String run, EventTextTables tables, Rows rows) {
        this.run = run;
        this.tables = tables;
        this.rows = rows;
    }

    private static List<Column> columns() {
        List<Column> columns = new ArrayList<>(COMMON);
        for (EventKind kind : EventKind.values()) {
            COLUMN_OF_FIELD[kind.code()] = kind.fields().stream()
                    .mapToInt(field -> column(field, columns))
                    .toArray();
        }
        return List.copyOf(columns);
    }

    private static int column(Field field, List<Column> columns) {
        return PLACES.computeIfAbsent(field.name(), name -> {
            Column.Type type = isText(field) ? Column.Type.TEXT : Column.Type.NUMBER;
            columns.add(new Column("field_" + name, type, true, "field '" + name + "' of its kind"));
            return columns.size() - 1 - COMMON.size();
        });
    }

    private static boolean isText(Field field) {
        return field.type() == FieldType.LABEL || field.type() == FieldType.OBSERVED;
    }

    @Override
    public void accept(Event e) {
        rows.text(run);
        rows.number(e.ordinal());
        rows.number(e.step());
        rows.number(e.cpu());
        rows.number(e.ip());
        rows.text(symbol(e.ip()));
        rows.text(e.kind().label());
        rows.text(e.kind().hasText() ? e.text() : null);
        rows.text(target(e));
        rows.text(e.kind() == EventKind.KPROBE_STATUS ? KprobeStatus.name(e.value(Variable.NEW)) : null);
        fields(e);
        rows.endRow();
    }

    private void fields(Event e) {
        Arrays.fill(fieldOfColumn, -1);
        int[] places = COLUMN_OF_FIELD[e.kind().code()];
        for (int i = 0; i < places.length; i++) {
            fieldOfColumn[places[i]] = i;
        }
        for (int i : fieldOfColumn) {
            if (i < 0) {
                rows.none();
            } else if (isText(e.kind().fields().get(i))) {
                rows.text(word(e.kind().fields().get(i), e.value(i)));
            } else {
                rows.number(e.value(i));
            }
        }
    }

    private @Nullable String target(Event e) {
        List<Field> fields = e.kind().fields();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).type() == FieldType.ADDRESS) {
                return symbol(e.value(i));
            }
        }
        return null;
    }

    private @Nullable String symbol(long address) {
        return tables.symbols().find(address) == null ? null : tables.symbols().describe(address);
    }

    private String word(Field field, long value) {
        if (field.type() == FieldType.LABEL) {
            return field.labelOf(value);
        }
        boolean known = value >= 0 && value < tables.observed().size();
        return known ? tables.observed().get((int) value).name() : Long.toString(value);
    }
}
