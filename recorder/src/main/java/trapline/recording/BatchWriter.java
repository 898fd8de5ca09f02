package trapline.recording;

import java.util.Arrays;
import trapline.codec.FlagBursts;
import trapline.codec.FlagSites;
import trapline.journal.JournalWriter;
import trapline.machine.tape.StripSites;
import trapline.machine.tape.TapeReader;

/** Makes events of batches and writes them, in the order in which they happened. Knows the strips of code so far. */
final class BatchWriter {

    private final JournalWriter writer;
    private final TapeEvents events;
    private FlagSites[] sites = new FlagSites[256];

    /**
     * Nothing written yet.
     *
     * @param writer takes EFLAGS
     * @param events makes events of the rows, and writes them to the same
     */
    BatchWriter(JournalWriter writer, TapeEvents events) {
        this.writer = writer;
        this.events = events;
    }

    /** Writes a batch; batches come in their order. */
    void write(Batch batch) {
        learnStrips(batch);
        FlagBursts bursts = batch.bursts;
        TapeReader rows = batch.rows;
        bursts.sites = sites;
        bursts.rewind();
        writer.flags(bursts, rows.position());
        while (!bursts.isEnd()) {
            writeRows(rows, bursts.position());
            if (bursts.position() + bursts.count() > rows.position()) {
                writeMixed(bursts, rows);
            }
            writer.flags(bursts, rows.position());
        }
        writeRows(rows, TapeReader.NO_POSITION - 1);
    }

    private void learnStrips(Batch batch) {
        int at = batch.firstStrip;
        for (StripSites strip : batch.strips) {
            if (at == sites.length) {
                sites = Arrays.copyOf(sites, 2 * at);
            }
            sites[at++] = new FlagSites(strip.cpu(), strip.length(), strip.indices(), strip.eips());
        }
    }

    /** The next burst, with rows between its instructions. */
    private void writeMixed(FlagBursts bursts, TapeReader rows) {
        int start = bursts.position();
        int count = bursts.count();
        int done = 0;
        while (done < count) {
            int next = Math.min(count, rows.position() - start);
            writer.flags(bursts, done, next);
            writeRows(rows, start + next);
            done = next;
        }
        bursts.skip();
    }

    private void writeRows(TapeReader rows, int last) {
        while (rows.position() <= last) {
            events.happened(rows);
            rows.next();
        }
    }
}
