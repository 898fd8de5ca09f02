package trapline.text;

import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.FieldType;
import trapline.events.KprobeStatus;

/** The fields of an event one by one, for forms that have a place for each: names instead of indices and codes. */
public final class FieldText {

    private final EventTextTables tables;

    /**
     * Makes one.
     *
     * @param tables names of the stream
     */
    public FieldText(EventTextTables tables) {
        this.tables = tables;
    }

    /**
     * A value as a word: addresses, flags and other bit patterns hexadecimal with {@code 0x}, declared variables and
     * functions by name, codes as their labels, all else decimal.
     */
    public String word(Field field, long value) {
        return switch (field.type()) {
            case HEX, ADDRESS, EFLAGS -> "0x" + Long.toHexString(value);
            case LABEL -> field.labelOf(value);
            case OBSERVED -> observed(value);
            default -> Long.toString(value);
        };
    }

    /**
     * A value for JSON: a number where {@link #word} is decimal, else a string. A {@code kprobe_status} is named as the
     * kernel names it, without the prefix.
     */
    public Object json(EventKind kind, Field field, long value) {
        if (kind == EventKind.KPROBE_STATUS
                && (field.name().equals("old") || field.name().equals("new"))) {
            return KprobeStatus.name(value);
        }
        boolean number = field.type() == FieldType.DECIMAL || field.type() == FieldType.VECTOR;
        return number ? (Object) value : word(field, value);
    }

    /** The symbol of an address with its offset; empty where none is known. */
    public String symbol(long address) {
        return tables.symbols().find(address) == null ? "" : tables.symbols().describe(address);
    }

    /** File and line of an address; empty where none is known. */
    public String source(long address) {
        return tables.symbols().source(address);
    }

    private String observed(long row) {
        boolean known = row >= 0 && row < tables.observed().size();
        return known ? tables.observed().get((int) row).name() : Long.toString(row);
    }
}
