package trapline.checks;

/** What a check says about a stream. */
public enum Verdict {
    /** The situation it judges occurred, and the claim held every time. */
    PASS,
    /** The claim is violated; there is at least one finding. */
    FAIL,
    /** Something that the judgement needs is missing: events, or something that the source does not deliver. */
    UNKNOWN,
    /** The situation it judges never occurred. */
    NOT_EXERCISED
}
