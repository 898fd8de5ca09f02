package trapline.codec.passage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import trapline.block.BlockLayout;
import trapline.block.ByteInput;
import trapline.block.ByteOutput;
import trapline.block.MalformedBlockException;
import trapline.codec.EventDecoder;
import trapline.codec.EventEncoder;
import trapline.codec.OtherColumn;
import trapline.codec.Prediction;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.StreamState;
import trapline.journal.Loops;
import trapline.journal.Passing;
import trapline.journal.Streams;

/** Passages that come again are what they were: whoever takes them as a whole misses nothing but noise. */
final class RecurrenceTest {

    private static final long SEED = 20261122;
    private static final int STREAMS = Integer.getInteger("recurrence.streams", 60);
    private static final int EVENTS = 6000;

    /** A block's payload, as it was written or not. */
    private record Payload(ByteInput bytes, StreamState start, int events, long firstOrdinal, long lastStep) {

        /** What went wrong; empty if nothing did. */
        String read(EventDecoder decoder, PassageReader reader, StreamState into, EventConsumer consumer) {
            try {
                decoder.begin(new ByteInput(bytes.bytes, 0, bytes.end), into);
                reader.read(events, firstOrdinal, lastStep, consumer);
                return "";
            } catch (MalformedBlockException e) {
                return "malformed";
            }
        }
    }

    private static List<Payload> encode(List<Event> stream, int cpus, int blockEvents) {
        List<Payload> blocks = new ArrayList<>();
        StreamState state = new StreamState(cpus, Streams.OBSERVED);
        for (int from = 0; from < stream.size(); from += blockEvents) {
            List<Event> part = stream.subList(from, Math.min(stream.size(), from + blockEvents));
            StreamState start = state.copy();
            ByteOutput out = new ByteOutput(EventEncoder.BUFFER_BYTES);
            EventEncoder encoder =
                    new EventEncoder(state, out, new Prediction(cpus).begin(state), new OtherColumn(cpus).begin(state));
            part.forEach(encoder::put);
            encoder.end();
            blocks.add(new Payload(
                    new ByteInput(Arrays.copyOf(out.bytes, out.length), 0, out.length),
                    start,
                    part.size(),
                    from,
                    state.step()));
        }
        return blocks;
    }

    private static List<Long> numbers(StreamState state) {
        List<Long> numbers = new ArrayList<>();
        state.save(numbers::add);
        return numbers;
    }

    /** Reads blocks with and without passages; returns how many were taken as a whole. */
    private static int compare(List<Payload> blocks, int cpus, long seed) {
        Passing.Plain plain = new Passing.Plain();
        StreamState oneState = new StreamState(cpus, Streams.OBSERVED);
        EventDecoder one = new EventDecoder(oneState);
        PassageReader oneReader = new PassageReader(one, oneState);
        List<String> problems = new ArrayList<>();
        List<List<Long>> states = new ArrayList<>();
        List<Integer> done = new ArrayList<>();
        for (Payload block : blocks) {
            StreamState state = block.start.copy();
            problems.add(block.read(one, oneReader, state, plain));
            states.add(numbers(state));
            done.add(plain.events.size());
        }
        Passing passing = new Passing(plain.events, seed);
        StreamState twoState = new StreamState(cpus, Streams.OBSERVED);
        EventDecoder two = new EventDecoder(twoState);
        PassageReader twoReader = new PassageReader(two, twoState);
        for (int i = 0; i < blocks.size(); i++) {
            StreamState state = blocks.get(i).start.copy();
            assertThat(blocks.get(i).read(two, twoReader, state, passing)).isEqualTo(problems.get(i));
            if (problems.get(i).isEmpty()) {
                assertThat(numbers(state)).isEqualTo(states.get(i));
            }
            assertThat(passing.done()).isEqualTo(done.get(i));
        }
        return passing.taken();
    }

    @Test
    void whatIsTakenAsAWholeIsWhatItWas() {
        SplittableRandom random = new SplittableRandom(SEED);
        long taken = 0;
        for (int i = 0; i < STREAMS; i++) {
            int cpus = 1 + random.nextInt(2);
            long seed = random.nextLong();
            List<Event> stream = Loops.make(seed, EVENTS, cpus, i % 4 == 0 ? 1 << 30 : 50 << random.nextInt(6));
            List<Payload> blocks = encode(stream, cpus, 500 + random.nextInt(EVENTS));
            try {
                taken += compare(blocks, cpus, seed);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", stream " + i, e);
            }
        }
        assertThat(taken).isGreaterThan(STREAMS * 10L);
    }

    @Test
    void bytesThatNobodyWroteAreReadAlike() {
        SplittableRandom random = new SplittableRandom(SEED);
        long taken = 0;
        for (int i = 0; i < STREAMS; i++) {
            long seed = random.nextLong();
            List<Payload> blocks = encode(Loops.make(seed, EVENTS / 3, 2, 1 << 30), 2, EVENTS);
            for (int change = 0; change < 20; change++) {
                List<Payload> changed = new ArrayList<>();
                for (Payload block : blocks) {
                    byte[] bytes = block.bytes.bytes.clone();
                    int arithmetic = BlockLayout.getInt(bytes, 0) + EventEncoder.COLUMN_LENGTH_BYTES;
                    int at = arithmetic + random.nextInt(bytes.length - arithmetic);
                    bytes[at] = (byte) (random.nextBoolean() ? bytes[at] ^ 1 << random.nextInt(8) : random.nextInt());
                    changed.add(new Payload(
                            new ByteInput(bytes, 0, bytes.length),
                            block.start,
                            block.events,
                            block.firstOrdinal,
                            block.lastStep));
                }
                try {
                    taken += compare(changed, 2, seed);
                } catch (AssertionError e) {
                    throw new AssertionError("seed " + seed + ", stream " + i + ", change " + change, e);
                }
            }
        }
        assertThat(taken).isGreaterThan(STREAMS * 10L);
    }
}
