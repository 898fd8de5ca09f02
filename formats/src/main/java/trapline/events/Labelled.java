package trapline.events;

/** A value of an event field that has a code in a block and a name in text and JSON, both stable. Enums only. */
public interface Labelled {

    /** The stable, lower-case name used in text and JSON. */
    String label();

    /** The stable number used in blocks: the row in its table, to which rows are only ever appended. */
    @SuppressWarnings("EnumOrdinal") // The order of the rows is the format; golden journals hold it.
    default int code() {
        return ((Enum<?>) this).ordinal();
    }
}
