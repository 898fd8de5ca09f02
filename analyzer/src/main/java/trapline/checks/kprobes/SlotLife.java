package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** SLOT-LIFE (V26): nobody writes into a slot that a CPU is about to execute. */
final class SlotLife extends RepeatableCheck {

    SlotLife() {
        super(CheckInfo.of(
                        "SLOT-LIFE",
                        "V26",
                        "No slot is written for another probe while a CPU is in it or steps out of it.")
                .cites("get_insn_slot(), free_insn_slot(), collect_garbage_slots()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.TEXT_WRITE, EventKind.CURRENT_KPROBE)
                .declared(Role.SLOTS)
                .except("the jump that boosts a slot is written behind the instruction in the #DB of a step of it"));
    }

    private long reportedStep = -1;
    private long reportedSlot = -1;

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TEXT_WRITE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        long address = e.value(TextWrite.ADDRESS);
        Frame top = cpu(e, state).top();
        Life own = top == null ? null : top.serves();
        if (!state.guest().inSlots(address)) {
            return;
        }
        boolean behind = own != null && own.inSlot(address) && address >= own.trapIp();
        for (int c = 0; c < state.cpus() && !behind; c++) {
            judge(e, state, state.cpu(c), address, own);
        }
    }

    private void judge(Event e, ReplayState state, CpuState cpu, long address, @Nullable Life own) {
        for (int i = 0; i < cpu.lives(); i++) {
            Life life = cpu.life(i);
            if (life == own) {
                continue;
            }
            // A fault may have called the step off before the life is over: then nothing refers to the slot any more.
            boolean referred = cpu.current() == life.probe() || cpu.prevKprobe() == life.probe();
            if (life.outcome() == Outcome.STEPPING && referred && state.guest().inSlots(life.slot())) {
                exercised();
                if (life.inSlot(address)) {
                    report(e, state, cpu, life.slot(), probeName(life, state), life.hitOrdinal());
                }
            }
        }
        for (int level = 0; level < cpu.depth(); level++) {
            Frame frame = cpu.frame(level);
            // Behind lost events the trap may be the end of a step that is not known.
            boolean interrupts = frame.serves() == null && (frame.livesKnown() || frame.external());
            if (interrupts && state.guest().inSlots(frame.ip())) {
                exercised();
                if (state.guest().slotAt(frame.ip()) == state.guest().slotAt(address)) {
                    report(e, state, cpu, frame.ip(), "none", frame.entryOrdinal());
                }
            }
        }
    }

    private void report(Event e, ReplayState state, CpuState cpu, long inSlot, String probe, long ordinal) {
        long slot = state.guest().slotAt(inSlot);
        if (e.step() == reportedStep && slot == reportedSlot) {
            return; // the next byte of the same string instruction
        }
        reportedStep = e.step();
        reportedSlot = slot;
        violated(
                e,
                state,
                probe,
                "the instruction slot at " + state.guest().place(slot) + " is written by "
                        + state.guest().place(e.ip()) + " while CPU " + cpu.number() + " still has to execute it",
                cause(ordinal, "that CPU goes into the slot, or is interrupted in it"));
    }

    @Override
    public Object memory() {
        return List.of(); // what it keeps is of a finding
    }

    @Override
    public void recall(Object memory) {}
}
