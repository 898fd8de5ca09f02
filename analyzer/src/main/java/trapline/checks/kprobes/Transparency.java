package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.HitDifference;
import trapline.events.EventFields.HitEnd;
import trapline.events.EventKind;
import trapline.events.HitHow;
import trapline.events.HitPart;
import trapline.events.TrapVector;
import trapline.replay.Frame;
import trapline.replay.ReplayState;

/** V39: a probed instruction has the effect that it has without a probe. */
final class Transparency extends MemorylessCheck {

    private static final long NO_FAULT = 0xffff_ffffL;

    Transparency() {
        super(CheckInfo.of(
                        "TRANSPARENCY",
                        "V39",
                        "At the end of a hit, registers, flags, segments and stored memory are what the instruction leaves"
                                + " without a probe")
                .cites("kprobe_handler, resume_execution, setup_singlestep, can_boost")
                .except(
                        "a pre_handler that returned non-zero",
                        "registers that a post_handler wrote",
                        "memory that an interrupt, another CPU or the scenario may have written in between",
                        "TF where the instruction loads it and the step itself goes through TF"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.HIT_END, EventKind.HIT_DIFFERENCE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (e.kind() == EventKind.HIT_END) {
            if (wasCompared(e.value(HitEnd.HOW)) || e.value(HitEnd.DIFFERENCES) > 0) {
                exercised();
            }
        } else if (e.value(HitDifference.EXCUSES) == 0) {
            differs(e, state);
        }
    }

    /** Whoever returned from the hit's last trap had the last say. */
    private void differs(Event e, ReplayState state) {
        Frame last = cpu(e, state).closed();
        boolean known = last != null && last.hookOrdinal() >= 0;
        String place = state.guest().place(known && last != null ? last.hookEip() : e.ip());
        violatedAt(
                e,
                place,
                state.guest().probeName(e.value(HitDifference.PROBE)),
                sentence(e, state),
                cause(last == null ? -1 : last.entryOrdinal(), "the last trap of the hit"),
                cause(last == null ? -1 : last.hookOrdinal(), "its handler returns"));
    }

    private static boolean wasCompared(long how) {
        return how == HitHow.EMULATED.code()
                || how == HitHow.BOOSTED.code()
                || how == HitHow.STEPPED.code()
                || how == HitHow.INT3_STEPPED.code()
                || how == HitHow.FAULTED.code();
    }

    private static String sentence(Event e, ReplayState state) {
        long what = e.value(HitDifference.WHAT);
        long expected = e.value(HitDifference.EXPECTED);
        long found = e.value(HitDifference.FOUND);
        String instruction = "the instruction at " + state.guest().place(e.value(HitDifference.ADDRESS));
        if (what == HitPart.IP.code()) {
            return instruction + " leads to " + state.guest().place(expected) + " without a probe, the CPU goes on at "
                    + state.guest().place(found);
        }
        if (what == HitPart.FAULT.code()) {
            return instruction + " " + fault(expected) + " without a probe, and here it " + fault(found);
        }
        String where = what == HitPart.MEMORY.code()
                ? "the byte at " + Long.toHexString(e.value(HitDifference.AT))
                : e.kind().fields().get(HitDifference.WHAT).labelOf(what);
        return instruction + " leaves " + where + " = " + Long.toHexString(expected) + " without a probe, here it is "
                + Long.toHexString(found);
    }

    private static String fault(long vector) {
        return vector == NO_FAULT ? "completes" : "takes " + TrapVector.name(vector);
    }
}
