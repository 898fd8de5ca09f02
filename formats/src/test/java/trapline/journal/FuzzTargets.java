package trapline.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import trapline.bundle.Bundle;
import trapline.events.StreamState;
import trapline.exchange.MailReader;

/** Everything that reads what others made, fed with any bytes: it says no in its own way, or reads. */
final class FuzzTargets {

    private static final int CPUS = 2;

    private FuzzTargets() {}

    /** The first byte says how many events, the others are the payload; all of it may be a start state too. */
    static void blockCodec(byte[] data) {
        if (data.length == 0) {
            return;
        }
        StreamState state = new StreamState(CPUS, Streams.OBSERVED);
        long[] seen = new long[2];
        try {
            new EventDecoder(state)
                    .begin(new ByteInput(data, 1, data.length), state)
                    .read(Math.max(1, data[0] & 0xff), 0, event -> {
                        if (event.ordinal() != seen[0]++ || event.step() < seen[1] || event.cpu() >= CPUS) {
                            throw new AssertionError(event.toString());
                        }
                        seen[1] = event.step();
                    });
        } catch (MalformedBlockException e) {
            // what it is there for
        }
        try {
            StateCodec.decode(new ByteInput(data, 0, data.length), CPUS, Streams.OBSERVED);
        } catch (MalformedBlockException e) {
            // what it is there for
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
