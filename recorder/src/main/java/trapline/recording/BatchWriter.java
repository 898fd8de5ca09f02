package trapline.recording;

import java.util.Arrays;
import java.util.Iterator;
import trapline.codec.FlagBursts;
import trapline.codec.FlagSites;
import trapline.events.Event;
import trapline.journal.JournalWriter;
import trapline.machine.tape.FlagWrites;
import trapline.machine.tape.LoggedEvents;
import trapline.machine.tape.MachineListener;

/** Makes events of batches and writes them, in the order in which they happened. Knows the blocks of code so far. */
final class BatchWriter {

    private final JournalWriter writer;
    private final MachineListener listener;
    private FlagSites[] sites = new FlagSites[256];

    /**
     * Nothing written yet.
     *
     * @param writer takes EFLAGS and what was told at once
     * @param listener is told the other events, and writes them to the same
     */
    BatchWriter(JournalWriter writer, MachineListener listener) {
        this.writer = writer;
        this.listener = listener;
    }

    /** Writes a batch; batches come in their order. */
    void write(Batch batch) {
        learnBlocks(batch);
        FlagBursts bursts = batch.bursts;
        LoggedEvents events = batch.events;
        Iterator<Event> told = batch.told.iterator();
        bursts.sites = sites;
        bursts.rewind();
        events.rewind();
        writer.flags(bursts, events.position());
        while (!bursts.isEnd()) {
            writeEvents(events, told, bursts.position());
            if (bursts.position() + bursts.count() > events.position()) {
                writeMixed(bursts, events, told);
            }
            writer.flags(bursts, events.position());
        }
        writeEvents(events, told, LoggedEvents.NO_POSITION - 1);
    }

    private void learnBlocks(Batch batch) {
        int at = batch.firstBlock;
        for (FlagWrites block : batch.blocks) {
            if (at == sites.length) {
                sites = Arrays.copyOf(sites, 2 * at);
            }
            sites[at++] = new FlagSites(block.cpu(), block.length(), block.indices(), block.eips());
        }
    }

    /** The next burst, with events between its instructions. */
    private void writeMixed(FlagBursts bursts, LoggedEvents events, Iterator<Event> told) {
        int start = bursts.position();
        int count = bursts.count();
        int done = 0;
        while (done < count) {
            int next = Math.min(count, events.position() - start);
            writer.flags(bursts, done, next);
            writeEvents(events, told, start + next);
            done = next;
        }
        bursts.skip();
    }

    private void writeEvents(LoggedEvents events, Iterator<Event> told, int last) {
        while (events.position() <= last) {
            if (events.isTold()) {
                writer.accept(told.next());
                events.skipTold();
            } else {
                events.tell(listener);
            }
        }
    }
}
