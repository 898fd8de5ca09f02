package trapline.bundle;

import java.util.List;
import java.util.Map;

/**
 * What a bundle says of itself. It names no user, host or path.
 *
 * @param schemaVersion 1
 * @param tool name and version of the program that made the bundle
 * @param recordedBy name and version of the program that recorded
 * @param semantics version of the machine's semantics
 * @param environment of the packing: Java version, operating system, architecture
 * @param name of the scenario
 * @param flow handler flow, or empty
 * @param workload workload, or empty
 * @param closed whether the recording was ended properly
 * @param events in the whole journal
 * @param steps in the whole journal
 * @param digest of the whole stream of events; empty if it was not closed
 * @param slice which part is in the bundle, event for event; its four numbers span everything in a whole one
 * @param images SHA-256 of each object that the guest was linked from
 * @param files SHA-256 of each other entry, by name; blocks have checksums of their own
 */
public record Manifest(
        int schemaVersion,
        String tool,
        String recordedBy,
        int semantics,
        Map<String, String> environment,
        String name,
        String flow,
        String workload,
        boolean closed,
        long events,
        long steps,
        String digest,
        Slice slice,
        Map<String, String> images,
        List<FileEntry> files) {

    /** The schema that this version writes. */
    public static final int SCHEMA_VERSION = 1;

    /**
     * A part of a journal, from an event to another.
     *
     * @param whole whether it is all
     * @param firstOrdinal ordinal of the first event
     * @param endOrdinal ordinal behind the last one
     * @param firstStep step of the state with which it begins
     * @param lastStep step of its last event
     */
    public record Slice(boolean whole, long firstOrdinal, long endOrdinal, long firstStep, long lastStep) {}

    /**
     * An entry of the bundle.
     *
     * @param name in the bundle
     * @param bytes unpacked length
     * @param sha256 of its content
     */
    public record FileEntry(String name, long bytes, String sha256) {}
}
