package trapline.scenario;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.schedule.Point;
import trapline.schedule.SchedulePlan;

/**
 * A run, described.
 *
 * @param catalogue its name in the catalogue; empty if it is not from there
 * @param name short, for the journal's name
 * @param title one line for people
 * @param flow handler flow; null if {@code image} is given
 * @param workload probed code and its probes; null if {@code image} is given
 * @param runtime a file whose functions replace the runtime's, or a folder with a whole runtime; null: the catalogue's
 * @param image finished Multiboot executable; null if flow and workload are given
 * @param linux kernel to be run instead; null if another guest is given
 * @param cpus number of CPUs
 * @param memoryMib RAM in MiB
 * @param instructionsMax the run ends after so many retired instructions, and after 16 times as many iterations of
 *     repeated ones
 * @param schedule how the CPUs are interleaved
 * @param points switch points and injections, in the order of the file
 * @param variables 32-bit values stored into the guest's variables before it starts, by symbol
 * @param expect what is to be expected, for people
 * @param yaml text that gives this same scenario, overrides included; names the user's files without their folders
 * @param overrides {@code KEY=VALUE} of each override, in order
 */
public record Scenario(
        String catalogue,
        String name,
        String title,
        @Nullable GuestPart flow,
        @Nullable GuestPart workload,
        @Nullable GuestPart runtime,
        @Nullable GuestPart image,
        @Nullable LinuxPart linux,
        int cpus,
        int memoryMib,
        long instructionsMax,
        SchedulePlan schedule,
        List<Point> points,
        Map<String, Integer> variables,
        String expect,
        String yaml,
        List<String> overrides) {

    /** Whether flow and workload are the catalogue's, so that no object of the user's takes part. */
    public boolean isOfCatalogueGuests() {
        return flow != null && workload != null && flow.file() == null && workload.file() == null && runtime == null;
    }
}
