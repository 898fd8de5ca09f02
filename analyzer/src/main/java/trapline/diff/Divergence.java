package trapline.diff;

import java.util.List;

/**
 * A stretch where two runs do not do the same.
 *
 * @param cpu CPU
 * @param a what run A did there
 * @param b what run B did there
 */
public record Divergence(int cpu, Stretch a, Stretch b) {

    /**
     * One run's part.
     *
     * @param firstOrdinal ordinal of the first moment's event; of the end of the run if there is none
     * @param firstStep step of that event
     * @param moments what it did, in words; the first few
     * @param total number of moments
     */
    public record Stretch(long firstOrdinal, long firstStep, List<String> moments, int total) {}
}
