package trapline.events;

/** How a field's value is shown and parsed. */
public enum FieldType {
    /** A decimal number; -1 is shown as {@code -}. */
    DECIMAL,
    /** A hexadecimal number without a prefix. */
    HEX,
    /** A code or data address, with its symbol and offset where one is known. */
    ADDRESS,
    /** An EFLAGS image: hexadecimal, then the names of the set control flags. */
    EFLAGS,
    /** A trap vector: its number, then its mnemonic. */
    VECTOR,
    /** An index into the observation table of the journal's header. */
    OBSERVED,
    /** The ordinal of a {@link Labelled} enum, shown as its label. */
    LABEL
}
