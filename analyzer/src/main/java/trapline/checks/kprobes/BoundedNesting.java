package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** BOUNDED-NESTING (V33): a probe within a probe, and no further than the kernel can save them. */
final class BoundedNesting extends RepeatableCheck {

    BoundedNesting() {
        super(CheckInfo.of(
                        "BOUNDED-NESTING",
                        "V33",
                        "Of hits that came in each other's middle on one CPU (one, and one that re-entered; more only where the"
                                + " kernel can save them) each gives back who was current before, and there is an end to"
                                + " them.")
                .cites("prev_kprobe holds one probe")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except("an int3 that is nobody's or that ends an earlier life"));
    }

    /** Deeper than any of task, interrupt, NMI and their re-entries: the handler hits itself. */
    private static final int DEPTH_ENDLESS = 8;

    private static final int DEPTH_MAX = 2;

    private final Unrestored saved = new Unrestored();

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
        Life hit = top.hit();
        int claimed = 0;
        for (int i = 0; i < cpu.lives(); i++) {
            claimed += cpu.life(i).claimed() ? 1 : 0;
        }
        if (claimed >= DEPTH_MAX) {
            exercised();
        }
        if (claimed > DEPTH_ENDLESS) {
            endless(hit, claimed, e, state);
        } else if (claimed > DEPTH_MAX) {
            saveAll(cpu, hit, state);
        }
    }

    private void saveAll(CpuState cpu, Life hit, ReplayState state) {
        for (int i = 0; i < cpu.lives() && cpu.life(i) != hit; i++) {
            if (cpu.life(i).claimed()) {
                saved.save(cpu.life(i), hit, probeName(hit, state));
            }
        }
    }

    private void endless(Life hit, int claimed, Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        violated(
                e,
                state,
                probeName(hit, state),
                String.format(
                        "%s hit while %d hits on CPU %d are not over yet: hits lead to hits without an end",
                        probeName(hit, state), claimed - 1, cpu.number()),
                cause(cpu.life(0).hitOrdinal(), "the first hit"),
                cause(cpu.life(1).hitOrdinal(), "the second hit"),
                cause(hit.hitOrdinal(), "and one more"));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        Unrestored.Waiting lost = saved.lostAt(life, cpu(e, state));
        if (lost != null) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "three hits were in each other's middle on CPU %d, and the kernel has lost one: the hit of %s"
                                    + " is over with %s current instead of %s",
                            e.cpu(),
                            probeName(life, state),
                            state.guest().probeName(cpu(e, state).current()),
                            state.guest().probeName(lost.mustBeCurrent())),
                    cause(life.hitOrdinal(), "the hit that is over"),
                    cause(lost.innerOrdinal(), "the third hit, of " + lost.innerName()));
        }
    }

    @Override
    public void lost(Event event, ReplayState state) {
        saved.forget();
    }

    /** Nobody waits at a point of rest. */
    @Override
    public @Nullable Object memory() {
        return saved.isEmpty() ? List.of() : null;
    }

    @Override
    public void recall(Object memory) {
        saved.forget();
    }
}
