package trapline.events;

import java.util.List;

/**
 * One field of an event kind.
 *
 * @param name stable name in text, JSON and CSV
 * @param type how the value is shown
 * @param labels for {@link FieldType#LABEL}: the enum's constants in the order of their codes; else empty
 */
public record Field(String name, FieldType type, List<Labelled> labels) {

    static Field of(String name, FieldType type) {
        return new Field(name, type, List.of());
    }

    static Field label(String name, Labelled... labels) {
        return new Field(name, FieldType.LABEL, List.of(labels));
    }

    /**
     * The label of a code.
     *
     * @param code ordinal as stored in an event
     * @return its label, or {@code ?N} for a code this version does not know
     */
    public String labelOf(long code) {
        return code >= 0 && code < labels.size() ? labels.get((int) code).label() : "?" + code;
    }
}
