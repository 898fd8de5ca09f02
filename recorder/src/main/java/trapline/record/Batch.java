package trapline.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.journal.FlagBursts;
import trapline.journal.FlagSites;
import trapline.journal.JournalWriter;
import trapline.machine.FlagLog;
import trapline.machine.FlagWrites;

/**
 * A part of a recording on its way to the journal. The machine notes in memory that only its own processor knows and hands
 * out copies: stores that are spread in time, each to memory that another processor has just read, would stall it one by
 * one, where a copy of everything at once does not.
 */
final class Batch {

    private static final int CPU_MASK = 0xff_ffff;
    private static final int KIND_MASK = 0xff;
    private static final EventKind[] KINDS = EventKind.values();

    private final FlagBursts bursts = new FlagBursts(FlagLog.INSTRUCTIONS_MAX);
    private @Nullable FlagWrites[] writes = new @Nullable FlagWrites[bursts.sites.length];
    private int blockCount;

    private long[] words = new long[0];
    private int wordCount;
    private final List<String> texts = new ArrayList<>();

    private final Event event = new Event();
    private int word;
    private int text;

    /**
     * Copies what was noted.
     *
     * @param notes the notes
     * @param step of the machine now
     */
    void copy(Notes notes, long step) {
        copyFlags(notes.flags, step);
        wordCount = notes.wordCount;
        if (words.length < wordCount) {
            words = new long[notes.words.length];
        }
        System.arraycopy(notes.words, 0, words, 0, wordCount);
        texts.clear();
        texts.addAll(notes.texts);
    }

    private void copyFlags(FlagLog log, long step) {
        log.copy(step, bursts.status, bursts.parts);
        log.copyStarts(bursts.startBursts, bursts.startSteps, bursts.startControls);
        bursts.bursts = log.bursts();
        bursts.starts = log.starts();
        int count = log.blocks();
        if (count > writes.length) {
            writes = new @Nullable FlagWrites[2 * count];
            bursts.sites = new FlagSites[2 * count];
        }
        for (int i = 0; i < count; i++) {
            writes[i] = log.block(i);
        }
        blockCount = count;
    }

    /** Writes all of it in the order in which it happened. */
    void writeTo(JournalWriter writer) {
        word = 0;
        text = 0;
        for (int i = 0; i < blockCount; i++) {
            bursts.sites[i] = sites(Objects.requireNonNull(writes[i]));
        }
        bursts.rewind();
        writer.flags(bursts, nextEvent());
        while (!bursts.isEnd()) {
            writeEvents(writer, bursts.position());
            if (bursts.position() + bursts.count() > nextEvent()) {
                writeMixed(writer);
            }
            writer.flags(bursts, nextEvent());
        }
        writeEvents(writer, Integer.MAX_VALUE);
    }

    /** What the journal needs to know of a block. */
    private static FlagSites sites(FlagWrites block) {
        if (block.attachment() instanceof FlagSites known) {
            return known;
        }
        FlagSites made = new FlagSites(block.cpu(), block.length(), block.indices(), block.eips());
        block.attach(made);
        return made;
    }

    /** The next burst, with events between its instructions. */
    private void writeMixed(JournalWriter writer) {
        int start = bursts.position();
        int count = bursts.count();
        int done = 0;
        while (done < count) {
            int next = Math.min(count, nextEvent() - start);
            writer.flags(bursts, done, next);
            writeEvents(writer, start + next);
            done = next;
        }
        bursts.skip();
    }

    /** Position of the next event. */
    private int nextEvent() {
        return word < wordCount ? (int) (words[word] >>> Notes.POSITION_SHIFT) : Integer.MAX_VALUE;
    }

    private void writeEvents(JournalWriter writer, int last) {
        while (word < wordCount && nextEvent() <= last) {
            writer.accept(takeEvent());
        }
    }

    private Event takeEvent() {
        int head = (int) words[word++];
        EventKind kind = KINDS[head & KIND_MASK];
        event.begin(kind, words[word++], head >>> Notes.CPU_SHIFT & CPU_MASK, words[word++]);
        int fields = kind.fieldCount();
        for (int field = 0; field < fields; field++) {
            event.set(field, words[word++]);
        }
        return kind.hasText() ? event.text(texts.get(text++)) : event;
    }
}
