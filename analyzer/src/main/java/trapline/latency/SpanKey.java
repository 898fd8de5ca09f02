package trapline.latency;

/**
 * A row of a table of latencies.
 *
 * @param span name of the span
 * @param description what it is, in a few words
 * @param group what its values are grouped by, such as a probe's name; empty where they are not grouped
 */
public record SpanKey(String span, String description, String group) {

    static SpanKey of(Span span, String group) {
        return new SpanKey(span.label(), span.description(), group);
    }

    /** Span and group in one name, such as {@code hit/p1}. */
    public String name() {
        return group.isEmpty() ? span : span + "/" + group;
    }
}
