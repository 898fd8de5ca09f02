package trapline.checks;

import java.util.Set;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** BOUNDED-NESTING (V33): a probe within a probe, and no further. */
final class BoundedNesting extends MemorylessCheck {

    BoundedNesting() {
        super(CheckInfo.of(
                        "BOUNDED-NESTING",
                        "V33",
                        "At most two probes are in the middle of their lives on one CPU: one, and one that re-entered.")
                .cites("prev_kprobe holds one probe")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except("an int3 that is nobody's or that ends an earlier life"));
    }

    private static final int DEPTH_MAX = 2;

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CURRENT_KPROBE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        Frame top = cpu.top();
        if (top == null || top.hit() == null || top.hit().claimOrdinal() != e.ordinal()) {
            return;
        }
        int claimed = 0;
        for (int i = 0; i < cpu.lives(); i++) {
            claimed += cpu.life(i).claimed() ? 1 : 0;
        }
        if (claimed >= DEPTH_MAX) {
            exercised();
        }
        if (claimed > DEPTH_MAX) {
            violated(
                    e,
                    state,
                    probeName(top.hit(), state),
                    String.format(
                            "%s hit while %d hits on CPU %d are not over yet; prev_kprobe can save only one",
                            probeName(top.hit(), state), claimed - 1, cpu.number()),
                    cause(cpu.life(0).hitOrdinal(), "the first hit"),
                    cause(cpu.life(1).hitOrdinal(), "the second hit"),
                    cause(top.hit().hitOrdinal(), "and one more"));
        }
    }
}
