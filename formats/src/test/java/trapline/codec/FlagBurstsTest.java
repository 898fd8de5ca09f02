package trapline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.block.JournalFooter;
import trapline.events.Eflags;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.journal.Streams;

/** Bursts give the same journal, byte for byte, as their writes one by one. */
class FlagBurstsTest {

    private static final int CPUS = 2;
    private static final int BLOCKS = 12;
    private static final int BATCHES = 60;
    private static final int INSTRUCTIONS = 4096;

    @TempDir
    Path folder;

    private final int[][] indices = new int[BLOCKS][];
    private final int[][] eips = new int[BLOCKS][];
    private final int[] lengths = new int[BLOCKS];

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void equalWritesOneByOne(long seed) throws Exception {
        assertThat(write("bursts", seed, true)).as("seed %d", seed).isEqualTo(write("single", seed, false));
    }

    private JournalFooter write(String name, long seed, boolean inBursts) throws Exception {
        Random random = new Random(seed);
        FlagBursts bursts = new FlagBursts(INSTRUCTIONS);
        for (int block = 0; block < BLOCKS; block++) {
            bursts.sites[block] = block(random, block);
        }
        try (JournalWriter writer =
                JournalWriter.create(folder.resolve(name), Streams.header(CPUS), JournalOptions.DEFAULT)) {
            long step = 0;
            for (int batch = 0; batch < BATCHES; batch++) {
                step = fill(random, bursts, step);
                if (inBursts) {
                    // In two parts, as if an event happened in between; it may fall into a burst.
                    writer.flags(bursts, random.nextInt(INSTRUCTIONS));
                    writer.flags(bursts, Integer.MAX_VALUE);
                    assertThat(bursts.isEnd()).isTrue();
                } else {
                    random.nextInt(INSTRUCTIONS);
                    oneByOne(writer, bursts);
                }
            }
            return writer.finish();
        }
    }

    private FlagSites block(Random random, int block) {
        int length = 1 + random.nextInt(block == 0 ? 64 : 9);
        lengths[block] = length;
        indices[block] = random.ints(0, length)
                .limit(random.nextInt(length + 1))
                .sorted()
                .distinct()
                .toArray();
        int start = random.nextInt();
        eips[block] = Arrays.stream(indices[block]).map(i -> start + 3 * i).toArray();
        return new FlagSites(block % CPUS, length, indices[block], eips[block]);
    }

    /** Mostly the same path; now and then a burst that ends early, a gap in time, another CPU, another interrupt flag. */
    private long fill(Random random, FlagBursts bursts, long from) {
        long step = from;
        int position = 0;
        int burst = 0;
        int control = random.nextInt(8) == 0 ? Eflags.IF | 2 : 2;
        bursts.starts = 0;
        while (position < INSTRUCTIONS - 64) {
            int block = random.nextInt(10) == 0 ? random.nextInt(BLOCKS) : burst / 2 % 3 * 2;
            int count = random.nextInt(20) == 0 ? 1 + random.nextInt(lengths[block]) : lengths[block];
            if (burst == 0 || random.nextInt(50) == 0) {
                step += random.nextInt(200_000);
                control ^= random.nextBoolean() ? Eflags.IF : 0;
                start(bursts, burst, step, control);
            }
            bursts.parts[burst] = block << FlagBursts.COUNT_BITS | count;
            for (int i = 0; i < count; i++) {
                bursts.status[position + i] = (byte) (random.nextInt() & 0xf5);
            }
            position += count;
            step += count;
            burst++;
        }
        bursts.bursts = burst;
        bursts.rewind();
        return step;
    }

    private static void start(FlagBursts bursts, int burst, long step, int control) {
        bursts.startBursts[bursts.starts] = burst;
        bursts.startSteps[bursts.starts] = step;
        bursts.startControls[bursts.starts++] = control;
    }

    private void oneByOne(JournalWriter writer, FlagBursts bursts) {
        for (; !bursts.isEnd(); bursts.skip()) {
            int block = bursts.parts[bursts.burst] >>> FlagBursts.COUNT_BITS;
            for (int k = 0; k < indices[block].length && indices[block][k] < bursts.count(); k++) {
                int index = indices[block][k];
                long step = bursts.base + bursts.position + index;
                int now = FlagBursts.eflags(bursts.control, bursts.status[bursts.position + index]);
                writer.flags(block % CPUS, step, eips[block][k] & 0xffff_ffffL, now);
            }
        }
    }
}
