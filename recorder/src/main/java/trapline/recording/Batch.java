package trapline.recording;

import java.util.ArrayList;
import java.util.List;
import trapline.codec.FlagBursts;
import trapline.machine.tape.StripSites;
import trapline.machine.tape.Tape;
import trapline.machine.tape.TapeReader;

/**
 * A part of a recording on its way to the journal. The machine notes in memory that only its own processor knows and hands
 * out copies: stores that are spread in time, each to memory that another processor has just read, would stall it one by
 * one, where a copy of everything at once does not.
 */
final class Batch {

    final FlagBursts bursts = new FlagBursts(Tape.INSTRUCTIONS_MAX);
    final TapeReader rows = new TapeReader();

    /** Strips of code that no batch before had, the first of them with this number. */
    final List<StripSites> strips = new ArrayList<>();

    int firstStrip;

    /**
     * Copies what is on a tape.
     *
     * @param tape the tape
     * @param step of the machine now
     */
    void copy(Tape tape, long step) {
        tape.copy(step, bursts.status, bursts.parts);
        tape.copyStarts(bursts.startBursts, bursts.startSteps, bursts.startControls);
        bursts.bursts = tape.bursts();
        bursts.starts = tape.starts();
        rows.copy(tape);
        strips.clear();
        firstStrip = tape.copyStrips(strips);
    }
}
