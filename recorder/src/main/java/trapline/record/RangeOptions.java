package trapline.record;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import trapline.scenario.Overrides;

/** Which part of a kernel's run is recorded. */
final class RangeOptions {

    @Option(
            names = "--record-from",
            paramLabel = "PLACE",
            description = "Record from this symbol, symbol+offset or address on, or from first-probe.")
    private @Nullable String from;

    @Option(names = "--record-to", paramLabel = "PLACE", description = "End the run when it comes to this place.")
    private @Nullable String to;

    @Option(
            names = "--from-state",
            paramLabel = "FILE",
            description = "Go on from where 'trapline snapshot' has left a kernel, instead of booting one.")
    private @Nullable Path state;

    /** The file of a state; null if the run begins with the boot. */
    @Nullable Path state() {
        return state;
    }

    /** Adds what was given to the overrides of a scenario. */
    Overrides addTo(Overrides overrides) {
        return overrides.add("--record-from", "linux.record-from", from).add("--record-to", "linux.record-to", to);
    }
}
