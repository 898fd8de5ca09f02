package trapline.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import trapline.scenario.GuestPart;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioReader;

/**
 * Every sample guest with one CPU and no injection, recorded into a journal and run under QEMU. The journal and QEMU's log
 * have the same traps: vector, error code, EIP, EFLAGS, ESP, CR2, DR6; and COM1 got the same bytes.
 */
class SampleGuestsOnQemuTest {
    private static final Path SCENARIOS = Path.of("scenarios");
    private static final Path BARE_METAL = Path.of("../recorder/src/test/resources/guests");
    private static final Path README = Path.of("conformance/README.md");
    private static final int GUESTS_MIN = 35;
    /** Undefined after shifts and logic (undefined.txt): QEMU clears it where hardware sets it. */
    private static final int AF = 0x10;

    /**
     * A guest to run on both.
     *
     * @param name flow and workload, or the file's name
     * @param words what {@code trapline record} is given
     * @param elf for QEMU
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Guest(String name, List<String> words, byte[] elf) {}

    /** Those of the scenarios, each flow with each workload and its variables once, and the bare-metal ones. */
    private static List<Guest> guests() throws Exception {
        Map<List<Object>, Guest> guests = new LinkedHashMap<>();
        for (Path file : files(SCENARIOS, ".yaml")) {
            Scenario scenario =
                    ScenarioReader.parse(file.toString(), SCENARIOS, Files.readString(file), new Overrides());
            GuestPart flow = scenario.flow();
            GuestPart workload = scenario.workload();
            if (scenario.cpus() == 1 && scenario.points().isEmpty() && flow != null && workload != null) {
                byte[] elf = GuestRuns.executable(scenario, flow, workload);
                String name = flow.name() + " " + workload.name();
                List<Object> key = List.of(name, scenario.variables());
                guests.putIfAbsent(key, new Guest(name, List.of(file.toString()), elf));
            }
        }
        for (Path file : files(BARE_METAL, ".elf")) {
            String name = String.valueOf(file.getFileName());
            guests.put(List.of(name), new Guest(name, List.of("--guest", file.toString()), Files.readAllBytes(file)));
        }
        return List.copyOf(guests.values());
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreGuestsToCompare() throws Exception {
        assertThat(guests()).hasSizeGreaterThan(GUESTS_MIN);
        assertThat(guests()).extracting(Guest::name).contains("loop1m.elf", "trap500.elf", "tfedge.elf");
    }

    @TestFactory
    List<DynamicTest> qemuTakesTheSameTraps(@TempDir Path folder) throws Exception {
        assumeTrue(Qemu.missing().isEmpty(), Qemu.missing());
        List<DynamicTest> tests = new ArrayList<>();
        List<Integer> traps = new ArrayList<>();
        for (Guest guest : guests()) {
            Path mine = Files.createDirectories(folder.resolve(String.valueOf(tests.size())));
            tests.add(DynamicTest.dynamicTest(guest.name(), () -> traps.add(compare(guest, mine))));
        }
        tests.add(DynamicTest.dynamicTest(
                "README.md has the count",
                () -> assertThat(Files.readString(README))
                        .contains(String.format(
                                Locale.ROOT,
                                " %d guests with %,d traps,",
                                traps.size(),
                                traps.stream().mapToInt(Integer::intValue).sum()))));
        return tests;
    }

    /** Compares, and counts the traps. */
    private static int compare(Guest guest, Path folder) throws Exception {
        Path journal = folder.resolve("guest.journal");
        JournalRuns.Outcome ours = JournalRuns.record(journal, guest.words().toArray(String[]::new))
                .withoutFlags(AF);
        JournalRuns.Outcome theirs = GuestRuns.onQemu(guest.elf(), folder).withoutFlags(AF);
        List<TrapEvent> logged = TrapRuns.delivered(theirs.traps(), ours.traps());
        assertThat(GuestDifferences.of(ours.traps(), logged))
                .as(() -> GuestDifferences.details(ours.traps(), logged))
                .isEqualTo(GuestDifferences.known().getOrDefault(guest.name(), List.of()));
        assertThat(ours.console()).as("COM1").isEqualTo(theirs.console());
        return ours.traps().size();
    }
}
