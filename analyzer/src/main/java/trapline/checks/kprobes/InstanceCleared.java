package trapline.checks.kprobes;

import java.util.BitSet;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** INSTANCE-CLEARED (V30): an aggregate forgets the child whose handler ran. */
final class InstanceCleared extends RepeatableCheck {

    InstanceCleared() {
        super(CheckInfo.of(
                        "INSTANCE-CLEARED", "V30", "When a hit of an aggregate probe is over, kprobe_instance is NULL.")
                .cites("aggr_pre_handler(), aggr_post_handler(), aggr_break_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.WATCH)
                .declared(Role.CURRENT)
                .except("a jprobe in the aggregate, until its longjmp"));
    }

    private final BitSet touched = new BitSet();

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.WATCH);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.KPROBE_INSTANCE;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        touched.set(e.cpu());
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (!touched.get(e.cpu()) || !life.claimed() || life.isReentry()) {
            return;
        }
        exercised();
        touched.clear(e.cpu());
        long instance = state.value(Role.KPROBE_INSTANCE, e.cpu());
        if (instance != 0) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    "the hit of " + probeName(life, state) + " is over, but kprobe_instance still points to "
                            + state.guest().probeName(instance),
                    cause(life.hitOrdinal(), "the hit"));
        }
    }

    @Override
    public void lost(Event event, ReplayState state) {
        touched.clear();
    }

    @Override
    public Object memory() {
        return touched.clone();
    }

    @Override
    public void recall(Object memory) {
        touched.clear();
        touched.or((BitSet) memory);
    }
}
