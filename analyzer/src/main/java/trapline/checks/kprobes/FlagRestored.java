package trapline.checks.kprobes;

import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;

/** What TF-RESTORED and IF-RESTORED have in common: the flag at the end of a life against the flag at its #BP. */
abstract class FlagRestored extends MemorylessCheck {

    private final Flag flag;

    FlagRestored(CheckInfo info, Flag flag) {
        super(info);
        this.flag = flag;
    }

    /** Whether the flag was used at all in a life that kept it; where it never was, nothing has been shown. */
    boolean isAtStake(Life life) {
        return true;
    }

    /** Whether the value at the end is right although it differs from the value pushed by the #BP. */
    abstract boolean isLegal(Life life, boolean atEnd, ReplayState state);

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (!judged(life.outcome()) || !cpu(e, state).livesKnown()) {
            return; // behind lost events it may be the second int3 of another life
        }
        if (isAtStake(life)) {
            exercised();
        }
        boolean atHit = flag.in(life.pushedEflags());
        boolean atEnd = flag.in(life.endEflags());
        if (flag.in(life.handlerWrote()) || isLegal(life, atEnd, state)) {
            return;
        }
        boolean expected = expected(life, atHit, state);
        if (atEnd != expected && !isWrittenBehindTheHook(life, cpu(e, state).closed())) {
            report(life, e, state, expected);
        }
    }

    /** Whether kprobes declined the int3, and the flag is the work of another client of the notifier chain. */
    private boolean isWrittenBehindTheHook(Life life, @Nullable Frame closed) {
        return closed != null
                && life.handlerResult() == 0
                && closed.hookOrdinal() >= 0
                && writer(closed) > closed.hookOrdinal();
    }

    private long writer(Frame closed) {
        return flag == Flag.TF ? closed.tfWriter() : closed.ifWriter();
    }

    /** The value that the flag must have at the end. */
    boolean expected(Life life, boolean atHit, ReplayState state) {
        return atHit;
    }

    /** Whether kprobes carried the instruction out in the trap, so that no instruction of the CPU shows what it did. */
    static boolean isEmulated(Life life, ReplayState state) {
        return life.outcome() == Outcome.DIRECT
                && life.claimed()
                && !state.guest().inSlots(life.endIp());
    }

    private static boolean judged(Outcome outcome) {
        return switch (outcome) {
            case STEPPED, DIRECT, CANCELLED, VANISHED, PASSED -> true;
            default -> false;
        };
    }

    private void report(Life life, Event e, ReplayState state, boolean expected) {
        Frame closed = cpu(e, state).closed();
        long writer = closed == null ? -1 : writer(closed);
        long writerEip = closed == null ? 0 : flag == Flag.TF ? closed.tfWriterEip() : closed.ifWriterEip();
        String place = writer >= 0 ? state.guest().place(writerEip) : handlerPlace(e, state);
        String sentence = String.format(
                "%s is %d where the %s at %s ends (%s), but must be %d: the #BP pushed %s=%d%s",
                flag,
                expected ? 0 : 1,
                life.probe() == 0 ? "int3" : "hit of " + probeName(life, state),
                state.guest().place(life.address()),
                ending(life.outcome()),
                expected ? 1 : 0,
                flag,
                flag.bit(life.pushedEflags()),
                life.loadedFlags() ? ", the instruction left " + flag + "=" + flag.bit(life.trapEflags()) : "");
        violatedAt(
                e,
                place,
                probeName(life, state),
                sentence,
                cause(life.hitOrdinal(), "the #BP pushed the flags"),
                cause(life.leftOrdinal(), "the step began with these flags"),
                cause(life.flagLoadOrdinal(), "the instruction loaded flags"),
                cause(life.trapOrdinal(), "the step ended"),
                cause(writer, flag + " of the frame was last changed here"));
    }

    private static String ending(Outcome outcome) {
        return switch (outcome) {
            case STEPPED -> "after its step";
            case CANCELLED -> "its step was cancelled by a fault";
            case VANISHED -> "sent back to the instruction";
            case PASSED -> "passed on as not ours";
            default -> "without a step";
        };
    }
}
