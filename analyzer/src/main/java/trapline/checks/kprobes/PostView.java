package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.Shown;
import trapline.events.EventKind;
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
                                "A post_handler that runs after resume_execution() sees ip and flags as the probed code will have"
                                        + " them; one that runs before it sees ip where the step ended.")
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
        return Set.of(EventKind.CALL_ENTRY, EventKind.SHOWN);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.POST_HANDLER || (role == Role.RESUME_EXECUTION && kind == EventKind.CALL_ENTRY);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        if (top == null || top.serves() == null) {
            return;
        }
        Role role = state.guest().role(e.value(CallEntry.FUNCTION));
        boolean resumed = resumedFrame == top.entryOrdinal();
        if (role == Role.RESUME_EXECUTION) {
            resumedFrame = top.entryOrdinal();
        } else if (e.kind() == EventKind.SHOWN) {
            if (e.value(Shown.LEAVING) == 0) {
                judgeIp(e, state, top, top.serves(), resumed);
            }
        } else if (resumed) {
            judgeFlags(e, state, top, top.serves());
        }
    }

    /** Before resume_execution() ip is where the step ended, behind it where the probed code goes on. */
    private void judgeIp(Event e, ReplayState state, Frame top, Life life, boolean resumed) {
        if (life.slot() == 0 || (life.movedOrdinal() >= 0 && life.movedByPost())) {
            return; // the post_handler of another child has moved it already
        }
        exercised();
        long shown = e.value(Shown.IP);
        Opcode opcode = Opcode.at(life.address(), state.text());
        boolean relative = opcode != Opcode.ABSOLUTE && shown == EipAfterStep.relative(life);
        boolean absolute = opcode != Opcode.RELATIVE && shown == life.trapIp();
        boolean before = !resumed && shown == life.trapIp();
        if (!relative && !absolute && !before) {
            report(
                    e,
                    state,
                    top,
                    life,
                    String.format(
                            "is shown ip at %s, but the probed code goes on at %s",
                            state.guest().place(shown),
                            state.guest()
                                    .place(opcode == Opcode.ABSOLUTE ? life.trapIp() : EipAfterStep.relative(life))));
        }
    }

    private void judgeFlags(Event e, ReplayState state, Frame top, Life life) {
        exercised();
        boolean tf = Flag.TF.in(life.pushedEflags());
        boolean ifAfter = Flag.IF.in(life.loadedFlags() ? life.flagLoad() : life.pushedEflags());
        if (Flag.IF.in(top.image()) != ifAfter && !Flag.IF.in(life.handlerWrote())) {
            report(e, state, top, life, sees("IF", ifAfter));
        } else if (Flag.TF.in(top.image()) != tf && !life.loadedFlags() && !Flag.TF.in(life.handlerWrote())) {
            report(e, state, top, life, sees("TF", tf));
        }
    }

    private static String sees(String flag, boolean after) {
        return "sees " + flag + "=" + (after ? 0 : 1) + ", but the probed code will have " + flag + "="
                + (after ? 1 : 0);
    }

    private void report(Event e, ReplayState state, Frame top, Life life, String what) {
        violated(
                e,
                state,
                probeName(life, state),
                "the post_handler of " + probeName(life, state) + " " + what,
                cause(life.hitOrdinal(), "the hit"),
                cause(life.trapOrdinal(), "the step ends"),
                cause(
                        resumedFrame == top.entryOrdinal() ? resumedFrame : -1,
                        "the trap in which resume_execution() ran"));
    }

    @Override
    public Object memory() {
        return List.of(); // the frame is none that comes later
    }

    @Override
    public void recall(Object memory) {}
}
