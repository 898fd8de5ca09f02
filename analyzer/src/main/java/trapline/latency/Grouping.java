package trapline.latency;

/** What the values of a span are grouped by. */
public enum Grouping {
    /** Not at all. */
    NONE,
    /** The probe, of spans that belong to one. */
    PROBE,
    /** The CPU. */
    CPU,
    /** The handler flow of the run. */
    FLOW,
    /** The journal. */
    JOURNAL
}
