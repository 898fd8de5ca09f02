package trapline.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import trapline.block.BlockInfo;
import trapline.block.BlockLayout;
import trapline.block.BlockSink;
import trapline.block.JournalHeader;
import trapline.block.TextBlocks;
import trapline.chronicle.QueueFile;

/** A journal made by hand, for content that the writer would never write: right checksums around anything. */
public final class RawJournal implements BlockSink {

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final BlockWriter writer = new BlockWriter(this, JournalOptions.DEFAULT);
    private long ordinal;
    private long step;

    static RawJournal begin(JournalHeader header) throws IOException {
        return begin(TextBlocks.bytes(new TextBlocks.Header(header, 0)));
    }

    /**
     * A closed journal of one file with another header, or footer: all checksums and the journal's number are right.
     *
     * @param data bytes of its file
     * @param header changes the JSON text of the header
     * @param footer changes that of the footer
     */
    public static RawJournal changed(byte[] data, UnaryOperator<byte[]> header, UnaryOperator<byte[]> footer)
            throws IOException {
        RawJournal journal = new RawJournal();
        boolean begun = false;
        for (int[] block : Mutations.blocks(data)) {
            BlockInfo info = Objects.requireNonNull(BlockInfo.get(data, block[0]));
            int state = block[0] + BlockLayout.STATE_OFFSET;
            int payload = state + info.stateBytes();
            byte[] content = Arrays.copyOfRange(data, payload, payload + info.payloadBytes());
            if (info.hasEvents()) {
                journal.events(info.events(), info.lastStep(), Arrays.copyOfRange(data, state, payload), content);
            } else if (info.type() == BlockLayout.FOOTER) {
                journal.end(footer.apply(content));
            } else if (!begun) {
                journal.writer.begin(header.apply(content));
                begun = true; // the one before the footer is the same again
            }
        }
        return journal;
    }

    static RawJournal begin(byte[] headerJson) throws IOException {
        RawJournal journal = new RawJournal();
        journal.writer.begin(headerJson);
        return journal;
    }

    /** Adds a block of events with whatever numbers. */
    RawJournal events(int events, long lastStep, byte[] state, byte[] payload) throws IOException {
        byte[] block = new byte[BlockLayout.length(state.length, payload.length)];
        System.arraycopy(state, 0, block, BlockLayout.STATE_OFFSET, state.length);
        System.arraycopy(payload, 0, block, BlockLayout.STATE_OFFSET + state.length, payload.length);
        writer.writeEvents(events, ordinal, step, lastStep, state.length, payload.length, block);
        ordinal += events;
        step = lastStep;
        return this;
    }

    RawJournal end(byte[] footerJson) throws IOException {
        writer.end(ordinal, step, footerJson);
        return this;
    }

    @Override
    public void append(byte[] block, int length) {
        byte[] header = new byte[QueueFile.HEADER_BYTES];
        BlockLayout.putInt(header, 0, length);
        file.writeBytes(header);
        file.write(block, 0, length);
    }

    /** The bytes of its file. */
    public byte[] bytes() {
        return file.toByteArray();
    }

    /** Writes it; the directory may be there already. */
    public Path in(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve("19700101F.cq4"), bytes());
        return directory;
    }

    @Override
    public void roll() {
        throw new IllegalStateException("one file only");
    }

    @Override
    public void dropOldest() {
        throw new IllegalStateException("one file only");
    }

    @Override
    public void close() {}
}
