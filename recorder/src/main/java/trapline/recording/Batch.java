package trapline.recording;

import java.util.ArrayList;
import java.util.List;
import trapline.codec.FlagBursts;
import trapline.events.Event;
import trapline.machine.tape.FlagLog;
import trapline.machine.tape.FlagWrites;
import trapline.machine.tape.LoggedEvents;

/**
 * A part of a recording on its way to the journal. The machine notes in memory that only its own processor knows and hands
 * out copies: stores that are spread in time, each to memory that another processor has just read, would stall it one by
 * one, where a copy of everything at once does not.
 */
final class Batch {

    final FlagBursts bursts = new FlagBursts(FlagLog.INSTRUCTIONS_MAX);
    final LoggedEvents events = new LoggedEvents();
    /** The events that the log only has a place for. */
    final List<Event> told = new ArrayList<>();

    /** Blocks of code that no batch before had, the first of them with this number. */
    final List<FlagWrites> blocks = new ArrayList<>();

    int firstBlock;

    /**
     * Copies what was noted.
     *
     * @param notes the notes
     * @param step of the machine now
     */
    void copy(Notes notes, long step) {
        FlagLog log = notes.log;
        log.copy(step, bursts.status, bursts.parts);
        log.copyStarts(bursts.startBursts, bursts.startSteps, bursts.startControls);
        bursts.bursts = log.bursts();
        bursts.starts = log.starts();
        events.copy(log);
        told.clear();
        told.addAll(notes.told);
        blocks.clear();
        firstBlock = log.copyBlocks(blocks);
    }
}
