package trapline.checks;

import java.util.List;
import java.util.Set;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** POST-VIEW (V20): a post_handler sees the machine as after the instruction. */
final class PostView extends RepeatableCheck {

    PostView() {
        super(
                CheckInfo.of(
                                "POST-VIEW",
                                "V20",
                                "A post_handler that runs after resume_execution() sees the flags as the probed code will have"
                                        + " them.")
                        .cites("post_kprobe_handler(), resume_execution() from 2.6.26 on")
                        .needs(
                                EventKind.TRAP_ENTRY,
                                EventKind.EFLAGS_WRITE,
                                EventKind.CALL_ENTRY,
                                EventKind.CURRENT_KPROBE)
                        .declared(Role.CURRENT, Role.RESUME_EXECUTION)
                        .except(
                                "up to 2.6.25 the post_handler runs before resume_execution(), with eip in the slot and TF set"));
    }

    private long resumedFrame = -1;

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.RESUME_EXECUTION || role == Role.POST_HANDLER;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        Frame top = cpu.top();
        if (top == null || top.serves() == null) {
            return;
        }
        Role role = state.guest().role(e.value(CallEntry.FUNCTION));
        if (role == Role.RESUME_EXECUTION) {
            resumedFrame = top.entryOrdinal();
        } else if (resumedFrame == top.entryOrdinal()) {
            judge(e, state, top, top.serves());
        }
    }

    private void judge(Event e, ReplayState state, Frame top, Life life) {
        exercised();
        boolean tfFits = Flag.TF.in(top.image()) == Flag.TF.in(life.pushedEflags());
        boolean ifFits =
                Flag.IF.in(top.image()) == Flag.IF.in(life.loadedFlags() ? life.flagLoad() : life.pushedEflags());
        if ((!tfFits && !life.loadedFlags()) || !ifFits) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "the post_handler of %s sees flags %x, but the probed code had %x",
                            probeName(life, state), top.image(), life.pushedEflags()),
                    cause(life.hitOrdinal(), "the hit"),
                    cause(life.trapOrdinal(), "the step ends"),
                    cause(resumedFrame, "the trap in which resume_execution() ran"));
        }
    }

    @Override
    public Object memory() {
        return List.of(); // the frame is none that comes later
    }

    @Override
    public void recall(Object memory) {}
}
