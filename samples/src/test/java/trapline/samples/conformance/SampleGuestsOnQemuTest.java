package trapline.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import trapline.guest.ElfFile;
import trapline.guest.ElfReader;
import trapline.guest.ExecutableWriter;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.guest.Linker;
import trapline.scenario.GuestPart;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioException;
import trapline.scenario.ScenarioReader;

/**
 * Every sample guest with one CPU and no injection, linked once and run twice: on our machine and under QEMU. Both take
 * the same traps: vector, error code, EIP, EFLAGS, ESP, CR2.
 */
class SampleGuestsOnQemuTest {
    private static final Path SCENARIOS = Path.of("scenarios");
    private static final Path GUESTS = Path.of("guest");
    private static final int AF = 0x10;

    /** A flow with a workload. */
    private record Guest(String flow, String workload) {}

    private static Set<Guest> guests() throws IOException, ScenarioException {
        Set<Guest> guests = new LinkedHashSet<>();
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            for (Path file :
                    files.sorted().filter(f -> f.toString().endsWith(".yaml")).toList()) {
                Scenario scenario =
                        ScenarioReader.parse(file.toString(), SCENARIOS, Files.readString(file), new Overrides());
                GuestPart flow = scenario.flow();
                GuestPart workload = scenario.workload();
                boolean isPlain = scenario.cpus() == 1
                        && scenario.points().isEmpty()
                        && scenario.variables().isEmpty();
                if (isPlain && flow != null && workload != null) {
                    guests.add(new Guest(flow.name(), workload.name()));
                }
            }
        }
        return guests;
    }

    private static byte[] link(Guest guest) throws GuestException {
        List<ElfFile> objects = List.of(
                ElfReader.read(GUESTS.resolve("runtime/runtime.o")),
                ElfReader.read(GUESTS.resolve("flows/" + guest.flow() + ".o")),
                ElfReader.read(GUESTS.resolve("workloads/" + guest.workload() + ".o")));
        GuestImage image = Linker.link(objects);
        return ExecutableWriter.write(image);
    }

    @Test
    void thereAreGuestsToCompare() throws IOException, ScenarioException {
        assertThat(guests()).hasSizeGreaterThan(10);
    }

    @TestFactory
    List<DynamicTest> qemuTakesTheSameTraps(@TempDir Path folder) throws IOException, ScenarioException {
        assumeTrue(Qemu.missing().isEmpty(), Qemu.missing());
        List<DynamicTest> tests = new ArrayList<>();
        for (Guest guest : guests()) {
            Path mine = Files.createDirectories(folder.resolve(guest.flow() + "-" + guest.workload()));
            tests.add(DynamicTest.dynamicTest(guest.flow() + " " + guest.workload(), () -> compare(guest, mine)));
        }
        return tests;
    }

    private static void compare(Guest guest, Path folder) throws IOException, InterruptedException, GuestException {
        byte[] elf = link(guest);
        List<TrapEvent> ours = GuestRuns.onMachine(elf);
        List<TrapEvent> theirs = TrapRuns.delivered(GuestRuns.onQemu(elf, folder), ours);
        int same = 0;
        while (same < Math.min(ours.size(), theirs.size()) && isSame(ours.get(same), theirs.get(same))) {
            same++;
        }
        String difference = same == ours.size() && same == theirs.size() ? "" : difference(ours, theirs, same);
        if (knownWrong().contains(guest.flow() + " " + guest.workload())) {
            assertThat(difference)
                    .as("guests/qemu-wrong.txt lists it, but QEMU agrees")
                    .isNotEmpty();
        } else {
            assertThat(difference).isEmpty();
        }
    }

    /** AF is undefined after shifts and logic (undefined.txt), and QEMU clears it where hardware sets it. */
    private static boolean isSame(TrapEvent ours, TrapEvent theirs) {
        return TrapRuns.isSame(ours.withoutFlags(AF), theirs.withoutFlags(AF));
    }

    private static String difference(List<TrapEvent> ours, List<TrapEvent> theirs, int at) {
        return String.format(
                "trap %d of %d: ours %s, QEMU's (%d) %s",
                at,
                ours.size(),
                at < ours.size() ? GuestRuns.describe(ours.get(at)) : "none",
                theirs.size(),
                at < theirs.size() ? GuestRuns.describe(theirs.get(at)) : "none");
    }

    /** Guests in which QEMU is wrong by the manual, as {@code flow workload}. */
    private static List<String> knownWrong() throws IOException {
        return Files.readAllLines(CorpusTables.FOLDER.resolve("guests/qemu-wrong.txt")).stream()
                .filter(line -> line.contains("|") && !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf('|')).trim())
                .toList();
    }
}
