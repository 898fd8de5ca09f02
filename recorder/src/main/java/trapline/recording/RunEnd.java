package trapline.recording;

import java.util.List;
import trapline.events.HaltReason;
import trapline.events.SymbolTable;
import trapline.machine.RunResult;
import trapline.machine.bus.EndReason;

/** How the machine's end of a run is told in the stream of events. */
final class RunEnd {

    private RunEnd() {}

    static HaltReason reason(EndReason reason) {
        return switch (reason) {
            case EXIT -> HaltReason.EXIT;
            case HALTED -> HaltReason.HALTED;
            case TRIPLE_FAULT -> HaltReason.TRIPLE_FAULT;
            case UNSUPPORTED -> HaltReason.UNSUPPORTED;
            case NO_CODE -> HaltReason.BAD_FETCH;
            case STEP_LIMIT -> HaltReason.LIMIT;
            case STOP_ADDRESS -> HaltReason.LIMIT;
            case STOP_REQUESTED -> HaltReason.INTERRUPTED;
        };
    }

    /** What the machine says, and the place in the guest's own words. */
    static String detail(RunResult end, SymbolTable symbols) {
        if (List.of(HaltReason.EXIT, HaltReason.HALTED).contains(reason(end.reason()))) {
            return end.detail();
        }
        String asked = end.reason() == EndReason.STOP_ADDRESS ? "--record-to " : "";
        String place = asked + "at " + symbols.describe(end.eip() & 0xffff_ffffL);
        return end.detail().isEmpty() ? place : end.detail() + " " + place;
    }

    /** Whether a run is over, not only paused. */
    static boolean isEnd(RunResult result, long instructionsMax) {
        return result.reason().isFinal()
                || result.reason() == EndReason.UNSUPPORTED
                || (result.reason() == EndReason.STEP_LIMIT && result.step() >= instructionsMax);
    }
}
