package trapline.latency;

/**
 * What values count. Values of different units are never put together.
 *
 * @param name in full, such as {@code retired instructions}
 * @param symbol behind a number, such as {@code ns}
 */
public record Unit(String name, String symbol) {

    /** Instructions retired on the CPU of a span: the same run gives the same numbers. */
    public static final Unit INSTRUCTIONS = new Unit("retired instructions", "instructions");

    /** Time, of sources that have no better clock. */
    public static final Unit NANOSECONDS = new Unit("nanoseconds", "ns");

    /**
     * The unit of a journal.
     *
     * @param clock what its header says that a step counts; a clock nobody knows is a unit of its own
     */
    public static Unit of(String clock) {
        return switch (clock) {
            case "retired instructions" -> INSTRUCTIONS;
            case "ns", "nanoseconds" -> NANOSECONDS;
            default -> new Unit(clock, clock);
        };
    }

    /** Whether it is time. */
    public boolean isTime() {
        return equals(NANOSECONDS);
    }
}
