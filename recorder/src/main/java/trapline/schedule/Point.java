package trapline.schedule;

/**
 * One thing to be done at one point of a run.
 *
 * @param at when
 * @param what what
 * @param source place in the scenario that asks for it ({@code file:line:column}), for messages
 */
public record Point(Trigger at, Action what, String source) {
    @Override
    public String toString() {
        return what + " at " + at;
    }
}
