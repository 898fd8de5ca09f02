package trapline.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.FieldType;
import trapline.events.KprobeStatus;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.Symbol;
import trapline.events.TrapVector;
import trapline.text.EventTextTables;

/**
 * Which events begin or end a user's span: a kind, and values of its fields as the text form writes them. {@code at} is
 * the function in which the event happens.
 *
 * @param kind the kind
 * @param wanted field name, or {@code at}, to value
 */
record EventPattern(EventKind kind, Map<String, String> wanted) {

    /** A pattern with the numbers of one run. */
    static final class Compiled {
        private final EventKind kind;
        private final int[] fields;
        private final long[] values;
        private final @Nullable Symbol at;
        private final boolean possible;

        Compiled(EventKind kind, List<Integer> fields, List<Long> values, @Nullable Symbol at, boolean possible) {
            this.kind = kind;
            this.fields = fields.stream().mapToInt(Integer::intValue).toArray();
            this.values = values.stream().mapToLong(Long::longValue).toArray();
            this.at = at;
            this.possible = possible;
        }

        EventKind kind() {
            return kind;
        }

        boolean matches(Event e) {
            if (e.kind() != kind || !possible) {
                return false;
            }
            for (int i = 0; i < fields.length; i++) {
                if (e.value(fields[i]) != values[i]) {
                    return false;
                }
            }
            return at == null || (e.ip() >= at.address() && e.ip() < at.address() + Math.max(1, at.size()));
        }
    }

    EventPattern {
        for (String name : wanted.keySet()) {
            if (!name.equals("at")
                    && kind.fields().stream().noneMatch(f -> f.name().equals(name))) {
                List<String> names = kind.fields().stream().map(Field::name).toList();
                throw new IllegalArgumentException("'" + name + "' is no field of " + kind.label() + ", which has at, "
                        + String.join(", ", names));
            }
        }
    }

    /** The pattern for a run; a name that the run does not have matches nothing. */
    Compiled in(EventTextTables tables) {
        List<Integer> fields = new ArrayList<>();
        List<Long> values = new ArrayList<>();
        Symbol at = null;
        boolean possible = true;
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            if (entry.getKey().equals("at")) {
                at = tables.symbols().find(entry.getValue());
                possible &= at != null;
                continue;
            }
            for (int i = 0; i < kind.fields().size(); i++) {
                if (kind.fields().get(i).name().equals(entry.getKey())) {
                    Long value = value(kind.fields().get(i), entry.getValue(), tables);
                    possible &= value != null;
                    fields.add(i);
                    values.add(value == null ? 0 : value);
                }
            }
        }
        return new Compiled(kind, fields, values, at, possible);
    }

    private @Nullable Long value(Field field, String text, EventTextTables tables) {
        Long named = named(field, text, tables);
        if (named != null) {
            return named;
        }
        try {
            return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable Long named(Field field, String text, EventTextTables tables) {
        if (field.type() == FieldType.VECTOR) {
            int vector = TrapVector.ofName(text);
            return vector < 0 ? null : (long) vector;
        }
        if (field.type() == FieldType.LABEL) {
            return field.labels().stream()
                    .filter(label -> label.label().equals(text))
                    .map(label -> (long) label.code())
                    .findFirst()
                    .orElse(null);
        }
        if (kind == EventKind.KPROBE_STATUS && field.type() == FieldType.HEX) {
            return KprobeStatus.ofName(text);
        }
        for (int i = 0; i < tables.observed().size(); i++) {
            Observed row = tables.observed().get(i);
            if (row.name().equals(text)) {
                if (field.type() == FieldType.OBSERVED) {
                    return (long) i;
                }
                if (row.kind() == ObservedKind.PROBE) {
                    return row.address();
                }
            }
        }
        return null;
    }
}
