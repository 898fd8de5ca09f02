package trapline.commands;

import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/**
 * Hands events on when a journal is read block by block. A reader tells the state wherever a read begins in the middle;
 * who has seen all blocks before needs it only behind lost events.
 */
class BehindLoss implements StreamConsumer {

    private final StreamConsumer to;
    private boolean lost;

    BehindLoss(StreamConsumer to) {
        this.to = to;
    }

    @Override
    public boolean wantsArithmetic() {
        return to.wantsArithmetic();
    }

    @Override
    public void resume(StreamState state) {
        if (lost) {
            to.resume(state);
        }
    }

    @Override
    public void accept(Event e) {
        lost = e.kind() == EventKind.LOST;
        to.accept(e);
    }
}
