package trapline.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import trapline.block.ByteInput;
import trapline.block.JournalException;
import trapline.block.MalformedBlockException;
import trapline.bundle.Bundle;
import trapline.codec.EventDecoder;
import trapline.codec.Prediction;
import trapline.codec.StateCodec;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;
import trapline.exchange.MailReader;

/** Everything that reads what others made, fed with any bytes: it says no in its own way, or reads. */
final class FuzzTargets {

    static final int CPUS = 2;

    private FuzzTargets() {}

    /** The first byte says how many events, the others are the payload; all of it may be a start state too. */
    static void blockCodec(byte[] data) {
        if (data.length == 0) {
            return;
        }
        problem(data);
        try {
            StateCodec.decode(new ByteInput(data, 0, data.length), CPUS, Streams.OBSERVED);
        } catch (MalformedBlockException e) {
            // what it is there for
        }
    }

    /** What is wrong with a payload; empty if nothing is. */
    static String problem(byte[] data) {
        Decoded all = decode(data, Long.MAX_VALUE, true);
        Decoded again = decode(data, all.step, true);
        if (again.problem.isEmpty()) {
            Decoded passedOver = decode(data, all.step, false);
            if (!passedOver.problem.isEmpty() || passedOver.others != all.others || passedOver.step != all.step) {
                throw new AssertionError("passing over arithmetic makes a difference: " + passedOver.problem);
            }
            Passing.Plain plain = new Passing.Plain();
            read(data, all.step, plain);
            if (read(data, all.step, new Passing(plain.events, data.length)).step() != all.step) {
                throw new AssertionError("taking passages as a whole makes a difference");
            }
        }
        return again.problem;
    }

    /** What came of a block's payload. */
    private record Decoded(long others, long step, String problem) {}

    /** Reads a payload with which nothing is wrong; returns the state behind it. */
    private static StreamState read(byte[] data, long lastStep, EventConsumer consumer) {
        StreamState state = new StreamState(CPUS, Streams.OBSERVED);
        try {
            new EventDecoder(state)
                    .begin(new ByteInput(data, 1, data.length), state)
                    .read(Math.max(1, data[0] & 0xff), 0, lastStep, consumer);
        } catch (MalformedBlockException e) {
            throw new AssertionError(e);
        }
        return state;
    }

    private static Decoded decode(byte[] data, long lastStep, boolean arithmetic) {
        StreamState state = new StreamState(CPUS, Streams.OBSERVED);
        Others others = new Others(arithmetic);
        try {
            new EventDecoder(state)
                    .begin(new ByteInput(data, 1, data.length), state)
                    .read(Math.max(1, data[0] & 0xff), 0, lastStep, others);
            return new Decoded(others.hash, state.step(), "");
        } catch (MalformedBlockException e) {
            return new Decoded(others.hash, state.step(), e.toString());
        }
    }

    /** Demands a stream, and makes a hash of the events that are not arithmetic. */
    private static final class Others implements StreamConsumer {

        private final boolean arithmetic;
        private long ordinal = -1;
        private long step;
        private long hash;

        Others(boolean arithmetic) {
            this.arithmetic = arithmetic;
        }

        @Override
        public boolean wantsArithmetic() {
            return arithmetic;
        }

        @Override
        public void accept(Event event) {
            boolean next = arithmetic ? event.ordinal() == ordinal + 1 : event.ordinal() > ordinal;
            if (!next || event.step() < step || event.cpu() >= CPUS) {
                throw new AssertionError(event.toString());
            }
            ordinal = event.ordinal();
            step = event.step();
            if (!Prediction.isArithmetic(event)
                    || ((event.value(EflagsWrite.OLD) ^ event.value(EflagsWrite.NEW)) & ~Eflags.STATUS) != 0) {
                hash = hash * 31 + (ordinal + " " + event).hashCode();
            }
        }
    }

    static void dataFile(byte[] data, Path directory) throws IOException {
        Path journal = Files.createDirectories(directory.resolve("fuzzed.journal"));
        Files.write(journal.resolve("19700101F.cq4"), data);
        read(journal);
    }

    static void bundle(byte[] data, Path directory) throws IOException {
        Path file = directory.resolve("fuzzed.trap");
        Files.write(file, data);
        try (Bundle opened = Bundle.open(file)) {
            opened.altered();
        } catch (JournalException e) {
            // what it is there for
        }
        read(file);
    }

    private static void read(Path path) throws IOException {
        try (Journal opened = Journal.open(path)) {
            opened.read(event -> {});
            opened.verify();
        } catch (JournalException e) {
            // what it is there for
        }
    }

    static void mail(byte[] data) {
        try {
            MailReader.read(new String(data, StandardCharsets.ISO_8859_1), "mail");
        } catch (IllegalArgumentException e) {
            // what it is there for
        }
    }
}
