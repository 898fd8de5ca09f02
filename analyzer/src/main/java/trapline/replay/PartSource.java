package trapline.replay;

import java.io.IOException;
import java.util.List;
import trapline.block.BlockInfo;
import trapline.events.StreamConsumer;
import trapline.journal.Journal;

/** A stream that can be read in parts, by several threads at a time: blocks with a known state at the start of each. */
interface PartSource {

    int blocks();

    /** The first event of a block. */
    long firstOrdinal(int block);

    /** Whether its first event is that of the stream. */
    default boolean isFromBegin() {
        return blocks() > 0 && firstOrdinal(0) == 0;
    }

    /**
     * Hands out the events of some blocks. A consumer that begins in the middle of the stream is told the state there.
     *
     * @param end behind the last one
     */
    void read(int first, int end, StreamConsumer consumer) throws IOException;

    static PartSource of(Journal journal) {
        List<BlockInfo> blocks = journal.blocks();
        return new PartSource() {
            @Override
            public int blocks() {
                return blocks.size();
            }

            @Override
            public long firstOrdinal(int block) {
                return blocks.get(block).firstOrdinal();
            }

            @Override
            public void read(int first, int end, StreamConsumer consumer) throws IOException {
                journal.read(first, end, consumer);
            }
        };
    }
}
