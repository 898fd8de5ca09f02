package trapline.replay;

import java.util.List;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Halt;
import trapline.events.EventFields.Shown;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.ExpectedEnd;
import trapline.events.FlagCause;
import trapline.events.HaltReason;
import trapline.events.Observed;
import trapline.events.StreamState;

/** Moves the state past one event. */
final class Trackers {

    private static final long CONTROL = Eflags.TF | Eflags.IF;

    private final ReplayState state;
    private final Guest guest;
    private final LifeTracker[] lives;

    Trackers(ReplayState state) {
        this.state = state;
        this.guest = state.guest();
        lives = new LifeTracker[state.cpus()];
        for (int i = 0; i < lives.length; i++) {
            lives[i] = new LifeTracker(state.cpu(i), state);
        }
    }

    /** Applies an event; what it meant for lives is in the tracker that is returned. */
    LifeTracker apply(Event e) {
        CpuState cpu = state.cpu(e.cpu());
        LifeTracker tracker = lives[e.cpu()];
        state.stream().apply(e);
        switch (e.kind()) {
            case TRAP_ENTRY -> trapEntry(e, cpu, tracker);
            case TRAP_EXIT -> trapExit(e, cpu, tracker);
            case EFLAGS_WRITE -> eflagsWrite(e, cpu, tracker);
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> variable(e, tracker);
            case CALL_ENTRY -> callEntry(e, cpu, tracker);
            case CALL_EXIT -> callExit(e, cpu, tracker);
            case TEXT_READ -> state.text().apply(e);
            case TEXT_WRITE -> {
                state.text().apply(e);
                state.books().written(e, cpu);
            }
            case SHOWN -> shown(e, cpu, tracker);
            case BUG, DIE -> death(e);
            case HALT -> halt(e);
            case LOST -> lost();
            default -> {
                // Switches are the stream's business; notes and injections change no state.
            }
        }
        if (cpu.overflowed) {
            state.lossy = true;
        }
        return tracker;
    }

    private static void trapEntry(Event e, CpuState cpu, LifeTracker tracker) {
        if (cpu.depth == CpuState.DEPTH_MAX) {
            cpu.overflowed = true;
            cpu.forget();
        }
        Frame frame = cpu.frames[cpu.depth];
        frame.enter(e, cpu);
        cpu.depth++;
        tracker.trapEntry(e, frame);
    }

    private void trapExit(Event e, CpuState cpu, LifeTracker tracker) {
        int level = level(cpu, e.value(TrapExit.FRAME));
        if (level < 0) {
            state.strays++;
            return;
        }
        Life last = cpu.lastLife();
        if (last != null && cpu.inStep(e.ip())) {
            last.baseDepth = level; // the stepped instruction is itself an IRET: its #DB comes one level further out
        }
        Frame frame = cpu.frames[level];
        cpu.closed = frame;
        cpu.depth = level;
        while (cpu.calls > 0 && cpu.callDepths[cpu.calls - 1] > level) {
            cpu.calls--;
        }
        tracker.trapExit(e, frame);
    }

    private static int level(CpuState cpu, long frameId) {
        for (int level = cpu.depth - 1; frameId != 0 && level >= 0; level--) {
            if (cpu.frames[level].id == frameId) {
                return level;
            }
        }
        return -1;
    }

    private static void eflagsWrite(Event e, CpuState cpu, LifeTracker tracker) {
        long changed = (e.value(EflagsWrite.OLD) ^ e.value(EflagsWrite.NEW)) & CONTROL;
        long cause = e.value(EflagsWrite.CAUSE);
        if (cause != FlagCause.FRAME.code()) {
            cpu.noteRegisterWrite(e, changed);
            if (cause == FlagCause.POPF.code() || cause == FlagCause.IRET.code() || cause == FlagCause.STI_CLI.code()) {
                tracker.flagsLoaded(e, e.value(EflagsWrite.NEW));
            }
            return;
        }
        int level = level(cpu, e.value(EflagsWrite.FRAME));
        if (level >= 0) {
            Frame frame = cpu.frames[level];
            frame.image = e.value(EflagsWrite.NEW);
            if ((changed & Eflags.TF) != 0) {
                frame.tfWriter = e.ordinal();
                frame.tfWriterEip = e.ip();
            }
            if ((changed & Eflags.IF) != 0) {
                frame.ifWriter = e.ordinal();
                frame.ifWriterEip = e.ip();
            }
            tracker.frameWritten(e, frame, cpu.inUserHandler());
        }
    }

    private void variable(Event e, LifeTracker tracker) {
        long row = e.value(Variable.VARIABLE);
        long now = e.value(Variable.NEW);
        long old = e.value(Variable.OLD);
        CpuState owner = state.owner(e);
        switch (guest.role(row)) {
            case STATUS -> {
                owner.status = (int) now;
                owner.statusKnown = true;
                lives[owner.number()].status(e, now);
            }
            case CURRENT -> {
                owner.current = now;
                owner.currentKnown = true;
                owner.livesKnown |= old == 0 && owner.livesCount > 0; // its #BP was seen too
                // A store of the same value counts too: it may restore a probe over itself.
                lives[owner.number()].current(e, now);
            }
            case PREEMPT_COUNT -> preempt(e, owner, now - old, tracker);
            case NMISSED -> {
                if (now != old && now != 0) {
                    tracker.missed(guest.probeOfRow(row));
                }
            }
            default -> copy(owner, guest.role(row), now);
        }
    }

    private static void preempt(Event e, CpuState owner, long delta, LifeTracker tracker) {
        owner.preemptCount += delta;
        if (!owner.inUserHandler() && !owner.inStep(e.ip())) {
            owner.preemptByKprobes += delta;
            tracker.preemptChanged(e);
        }
    }

    private void callEntry(Event e, CpuState cpu, LifeTracker tracker) {
        Role role = guest.role(e.value(CallEntry.FUNCTION));
        if (cpu.calls == CpuState.DEPTH_MAX) {
            cpu.overflowed = true;
            cpu.calls = 0;
        }
        int at = cpu.calls++;
        cpu.callRows[at] = e.intValue(CallEntry.FUNCTION);
        cpu.callRoles[at] = role;
        cpu.callDepths[at] = cpu.depth;
        cpu.callOrdinals[at] = e.ordinal();
        cpu.callArgs[at] = e.value(CallEntry.ARG0);
        cpu.callIsHandler[at] = guest.isUserHandler(e.value(CallEntry.FUNCTION));
        if (cpu.callIsHandler[at]) {
            tracker.handlerCalled(role);
        }
        state.books().called(e, role, cpu);
    }

    /** What a handler is shown when it is called, and what it has made of it when it returns. */
    private void shown(Event e, CpuState cpu, LifeTracker tracker) {
        int level = cpu.levelOf(e.value(Shown.FUNCTION));
        if (level < 0) {
            return;
        }
        if (e.value(Shown.LEAVING) == 0) {
            cpu.shownIps[level] = e.value(Shown.IP);
            cpu.shownDiffers[level] = e.value(Shown.DIFFERS);
        } else if (cpu.callRoles[level].isUserHandler()) {
            tracker.handlerWrote(e, cpu.callRoles[level], cpu.shownIps[level], cpu.shownDiffers[level]);
        }
    }

    private void callExit(Event e, CpuState cpu, LifeTracker tracker) {
        int row = e.intValue(CallExit.FUNCTION);
        int innermost = -1;
        for (int level = 0; level < cpu.calls; level++) {
            if (cpu.callRows[level] == row) {
                innermost = level;
            }
        }
        cpu.returned = innermost >= 0;
        cpu.calls = cpu.returned ? innermost : cpu.calls;
        state.strays += cpu.returned ? 0 : 1;
        if (cpu.returned) {
            state.books().returned(e, guest.role(row), cpu);
        }
        switch (guest.role(row)) {
            case GET_KPROBE -> lookup(e, cpu, tracker);
            case KPROBE_HANDLER -> {
                tracker.handlerReturned(e, e.intValue(CallExit.RESULT) != 0 ? 1 : 0);
                hookReturned(e, cpu);
            }
            case POST_KPROBE_HANDLER -> {
                if (e.value(CallExit.RESULT) != 0) {
                    tracker.stepTaken(e);
                }
                hookReturned(e, cpu);
            }
            case KPROBE_FAULT_HANDLER -> hookReturned(e, cpu);
            case PRE_HANDLER -> tracker.preReturned(e.value(CallExit.RESULT) != 0);
            default -> {
                // Other returns only end the call.
            }
        }
    }

    private void lookup(Event e, CpuState cpu, LifeTracker tracker) {
        tracker.lookup(e.value(CallExit.RESULT));
        if (cpu.returned && e.value(CallExit.RESULT) != 0) {
            state.text().probed(cpu.callArgs[cpu.calls]);
        }
    }

    private static void hookReturned(Event e, CpuState cpu) {
        Frame top = cpu.top();
        if (top != null) {
            top.hookOrdinal = e.ordinal();
            top.hookEip = e.ip();
        }
    }

    private void death(Event e) {
        state.died |= e.kind() == EventKind.DIE;
        state.bugged |= e.kind() == EventKind.BUG;
        state.deathOrdinal = state.deathOrdinal < 0 ? e.ordinal() : state.deathOrdinal;
    }

    private void halt(Event e) {
        long reason = e.value(Halt.REASON);
        state.halted = true;
        String label = e.kind().fields().get(Halt.REASON).labelOf(reason);
        state.end = state.bugged ? ExpectedEnd.BUG : state.died ? ExpectedEnd.DIE : label;
        boolean byItself = reason == HaltReason.EXIT.code() || reason == HaltReason.HALTED.code();
        state.haltedCleanly = byItself && !state.died && !state.lossy;
    }

    /**
     * Takes over flags and variables from a stream that goes on behind lost events. Frames, calls and lives stay forgotten,
     * and so does who is current: what began in the gap is not judged.
     */
    void resume(StreamState stream) {
        for (int cpu = 0; cpu < Math.min(state.cpus(), stream.cpus()); cpu++) {
            state.stream().applyFlags(cpu, stream.step(), stream.eflags(cpu));
        }
        List<Observed> observed = guest.tables().observed();
        for (int row = 0; row < observed.size(); row++) {
            boolean perCpu = observed.get(row).count() > 1;
            for (int element = 0; element < Math.min(observed.get(row).count(), state.cpus()); element++) {
                resume(state.cpu(perCpu ? element : 0), guest.role(row), stream.variable(row, element));
            }
        }
    }

    private static void resume(CpuState owner, Role role, long value) {
        switch (role) {
            case STATUS -> {
                owner.status = (int) value;
                owner.statusKnown = true;
            }
            case CURRENT -> owner.current = value;
            case PREEMPT_COUNT -> owner.preemptCount = value;
            default -> copy(owner, role, value);
        }
    }

    /** Keeps a variable of which nothing but the value matters. */
    private static void copy(CpuState owner, Role role, long value) {
        switch (role) {
            case OLD_EFLAGS -> {
                owner.oldEflags = value;
                owner.oldKnown = true;
            }
            case SAVED_EFLAGS -> {
                owner.savedEflags = value;
                owner.savedKnown = true;
            }
            case PREV_KPROBE -> owner.prevKprobe = value;
            case PREV_STATUS -> owner.prevStatus = value;
            case PREV_OLD_EFLAGS -> owner.prevOldEflags = value;
            case PREV_SAVED_EFLAGS -> owner.prevSavedEflags = value;
            default -> {
                // Other variables are kept by the stream alone.
            }
        }
    }

    private void lost() {
        state.lossy = true;
        state.lostEvents++;
        for (int i = 0; i < state.cpus(); i++) {
            state.cpu(i).forget();
        }
        state.text().forget();
        state.books().forget();
    }
}
