package trapline.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;

/** Executables with random damage: refused with one line, or run to some end; nothing else, and never for ever. */
class MutatedGuestTest {
    private static final int ROUNDS = 2500;
    private static final int STEPS_MAX = 3000;
    private static final int RAM_BYTES = 2 << 20;
    private static final int SEGMENT_OFFSET = 0x1000;

    private final Map<EndReason, Integer> ends = new EnumMap<>(EndReason.class);
    private int refused;

    @ParameterizedTest
    @ValueSource(strings = {"tfedge.elf", "trap500.elf"})
    void damageIsRefusedOrRuns(String name) throws Exception {
        byte[] good;
        try (InputStream in = MutatedGuestTest.class.getResourceAsStream("/guests/" + name)) {
            assertThat(in).isNotNull();
            good = in.readAllBytes();
        }
        long seed = Long.getLong("trapline.seed", 20080102);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = good.clone();
            // half of them in the headers, half in code and data
            int from = round % 2 == 0 ? 0 : Math.min(SEGMENT_OFFSET, bytes.length / 2);
            int to = round % 2 == 0 ? 256 : bytes.length;
            for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
                bytes[from + random.nextInt(to - from)] = (byte) (random.nextInt(3) == 0 ? 0xff : random.nextInt());
            }
            try {
                run(bytes);
            } catch (RuntimeException e) {
                throw new AssertionError(name + " seed " + seed + " round " + round, e);
            }
        }
        assertThat(refused).as("refused").isGreaterThan(ROUNDS / 20);
        assertThat(ends.keySet()).as("%s", ends).contains(EndReason.EXIT, EndReason.TRIPLE_FAULT);
    }

    private void run(byte[] bytes) {
        GuestImage image;
        try {
            image = Executable.load(ElfReader.parse("damaged.elf", bytes));
        } catch (GuestException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            refused++;
            return;
        }
        if (image.end() > RAM_BYTES) {
            refused++;
            return;
        }
        Machine machine = new Machine(RAM_BYTES, 1);
        image.segments().forEach(segment -> machine.memory().load(segment.address(), segment.bytes()));
        machine.startMultiboot(image.entry(), 0);
        machine.observe(new MachineListener() {}, Observation.NONE);
        RunResult result = machine.run(Scheduler.roundRobin(1000), STEPS_MAX);
        assertThat(result.step()).isLessThanOrEqualTo(STEPS_MAX);
        ends.merge(result.reason(), 1, Integer::sum);
    }
}
