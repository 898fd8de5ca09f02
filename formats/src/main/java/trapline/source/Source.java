package trapline.source;

import java.io.IOException;
import trapline.block.JournalHeader;
import trapline.events.EventConsumer;

/** Something that events come from: what is to be known of them first, the events once and in order, and how they end. */
public interface Source {

    /**
     * How the events ended.
     *
     * @param gaps places within them where some are missing, each a {@code lost} event
     */
    record End(int gaps) {}

    /** What a journal of the events says of itself. */
    JournalHeader header();

    /**
     * Hands out all events. Can be called once.
     *
     * @param events gets each as a reused view, numbered from 0
     * @return how they ended
     * @throws IOException if the source cannot be read on
     */
    End deliver(EventConsumer events) throws IOException;
}
