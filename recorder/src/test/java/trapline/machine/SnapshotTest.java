package trapline.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import trapline.machine.i386.Guests;
import trapline.machine.i386.Lab;

/** Capture and restore of the whole machine. */
class SnapshotTest {
    private static final Scheduler ONE = Scheduler.roundRobin(1000);

    @Test
    void restoredRunsEndAsTheOriginal() {
        Machine machine = Guests.machine(Guests.resource("trap500.elf"));
        List<Snapshot> snapshots = new ArrayList<>();
        RunResult result = machine.run(ONE, 997);
        while (!result.reason().isFinal()) {
            snapshots.add(machine.capture());
            result = machine.run(ONE, 997);
        }
        long digest = machine.stateDigest();
        String console = machine.console();
        assertThat(snapshots).hasSizeGreaterThan(10);
        for (Snapshot snapshot : List.of(snapshots.get(7), snapshots.get(1), snapshots.get(9))) {
            machine.restore(snapshot);
            assertThat(machine.step()).isEqualTo(snapshot.step());
            assertThat(machine.run(ONE, Long.MAX_VALUE)).isEqualTo(result);
            assertThat(machine.stateDigest()).isEqualTo(digest);
            assertThat(machine.console()).isEqualTo(console);
        }
    }

    @Test
    void unchangedPagesAreShared() {
        Machine machine = Guests.machine(Guests.resource("loop10k.elf"));
        Snapshot first = machine.capture();
        machine.run(ONE, 100);
        Snapshot second = machine.capture();
        int copied = 0;
        for (int page = 0; page < machine.memory().sizeBytes() >> 12; page++) {
            copied += first.pages.page(page) == second.pages.page(page) ? 0 : 1;
        }
        assertThat(copied).isBetween(1, 2);
    }

    @Test
    void liveFramesSurvive() {
        Lab lab = new Lab();
        lab.program("cc", Lab.EXIT);
        lab.machine.run(ONE, 1);
        Snapshot inHandler = lab.machine.capture();
        lab.run();
        List<String> first = List.copyOf(lab.events);
        lab.events.clear();
        lab.machine.restore(inHandler);
        lab.run();
        assertThat(first).endsWith(lab.events.toArray(new String[0]));
        assertThat(lab.events).contains("iret to 10001 frame 1 step 1");
    }

    /** Sets the divisor latch, writes the divisor, clears the latch, and prints; with a capture after each instruction. */
    @Test
    void capturedAnywhereEqualsNeverCaptured() {
        String program = "66 ba fb 03  b0 80  ee  66 ba f8 03  b0 41  ee  66 ba f9 03  b0 42  ee  66 ba fb 03  b0 03 ee"
                + "66 ba f8 03  b0 43  ee  66 ba ff 03  b0 44  ee  ec";
        Lab plain = new Lab().code(Lab.CODE, program + Lab.EXIT);
        RunResult result = plain.machine.run(ONE, Long.MAX_VALUE);
        Lab captured = new Lab().code(Lab.CODE, program + Lab.EXIT);
        Lab other = new Lab();
        RunResult last;
        do {
            last = captured.machine.run(ONE, 1);
            Snapshot snapshot = captured.machine.capture();
            captured.machine.restore(snapshot);
            other.machine.restore(snapshot);
            assertThat(other.machine.stateDigest()).isEqualTo(captured.machine.stateDigest());
        } while (!last.reason().isFinal());
        assertThat(last).isEqualTo(result);
        assertThat(captured.machine.console()).isEqualTo("C").isEqualTo(plain.machine.console());
        assertThat(captured.machine.stateDigest()).isEqualTo(plain.machine.stateDigest());
    }

    /** Whether the latch is set decides what a write to the first port is, so the states are not equal. */
    @Test
    void digestKnowsTheDevices() {
        Lab lab = new Lab().code(Lab.CODE, "66 ba fb 03  b0 80  ee  b0 80");
        lab.machine.run(ONE, 2);
        Snapshot before = lab.machine.capture();
        lab.machine.run(ONE, 1);
        Snapshot after = lab.machine.capture();
        assertThat(before.devices).isNotEqualTo(after.devices);
        assertThat(new String(before.devices, java.nio.charset.StandardCharsets.ISO_8859_1))
                .isNotEmpty();
    }
}
