package trapline.guest;

import java.util.List;
import java.util.Map;
import trapline.events.Observed;
import trapline.events.SymbolTable;

/**
 * A guest ready to be loaded.
 *
 * @param entry address of the first instruction
 * @param segments what to put into memory, by ascending address, not overlapping
 * @param symbols functions, objects and labels
 * @param observed the guest's observation table; empty if it has none
 * @param digests SHA-256 of each object or executable that went in, by file name, in link order
 */
public record GuestImage(
        int entry, List<Segment> segments, SymbolTable symbols, List<Observed> observed, Map<String, String> digests) {

    /**
     * A piece of memory.
     *
     * @param address physical, and linear before paging is on
     * @param bytes first part; not to be changed
     * @param memoryBytes length in memory; what {@code bytes} does not cover is zero
     */
    @SuppressWarnings("ArrayRecordComponent") // Megabytes, compared by nobody: a list of bytes would be waste.
    public record Segment(int address, byte[] bytes, int memoryBytes) {}

    /** The first address above the image. */
    public long end() {
        return segments.stream()
                .mapToLong(s -> (s.address() & 0xffff_ffffL) + s.memoryBytes())
                .max()
                .orElse(0);
    }
}
