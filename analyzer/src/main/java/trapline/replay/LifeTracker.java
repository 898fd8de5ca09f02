package trapline.replay;

import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Shown;
import trapline.events.EventFields.TrapExit;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;

/**
 * Follows the lives of one CPU's probe hits. It judges by what the handler did (made a probe current, reset it, where
 * the IRET went, with TF or not), never by who the handler is.
 */
final class LifeTracker {

    private final CpuState cpu;
    private final ReplayState state;

    /** Lives that the present event ended, in the order of their ends. */
    final Life[] over = new Life[CpuState.LIVES_MAX];

    int overCount;

    @Nullable Life begun;

    @Nullable Life left;

    LifeTracker(CpuState cpu, ReplayState state) {
        this.cpu = cpu;
        this.state = state;
    }

    /** Whether the present event has begun, left or ended a life. */
    boolean moved;

    /** Forgets what the present event did. */
    void endEvent() {
        moved = false;
        overCount = 0;
        begun = null;
        left = null;
    }

    /** A trap was pushed as the top frame: does it end a step, does it begin a life? */
    void trapEntry(Event e, Frame frame) {
        Life last = cpu.lastLife();
        if (last != null && cpu.depth - 1 == last.baseDepth && !frame.external) {
            if (last.outcome == Outcome.STEPPING) {
                stepTrapped(e, last, frame);
            } else if (last.outcome == Outcome.HANDED_OVER && frame.vector == TrapVector.BP) {
                frame.serves = last;
            }
        }
        if (frame.vector == TrapVector.BP && !frame.user) {
            state.kernelBreakpoints++;
            if (cpu.livesCount == CpuState.LIVES_MAX) {
                cpu.overflowed = true;
                return;
            }
            begun = cpu.lives[cpu.livesCount++];
            moved = true;
            begun.begin(frame, cpu);
            frame.hit = begun;
        }
    }

    private void stepTrapped(Event e, Life life, Frame frame) {
        if (frame.vector != TrapVector.DB && !life.inSlot(frame.trapIp)) {
            end(life, Outcome.ABANDONED, e);
            return;
        }
        frame.serves = life;
        life.trapOrdinal = e.ordinal();
        life.trapStep = e.step();
        life.trapVector = frame.vector;
        life.trapIp = frame.ip;
        life.trapEip = frame.trapIp;
        life.trapEflags = frame.pushedEflags;
        life.trapDr6 = frame.dr6;
        life.trapIcount = frame.entryIcount;
    }

    /** current_kprobe was stored to. */
    void current(Event e, long now) {
        Frame frame = cpu.top();
        if (frame == null) {
            return;
        }
        Life hit = frame.hit;
        Life served = frame.serves;
        if (served != null && restores(served, now)) {
            pop(served, e, false);
        } else if (hit != null && now != 0 && !hit.claimed) {
            hit.claimed = true;
            hit.probe = now;
            hit.found = true;
            hit.claimOrdinal = e.ordinal();
        } else if (hit != null && hit.claimed) {
            pop(hit, e, false);
        } else if (served != null) {
            pop(served, e, false);
        } else {
            Life last = cpu.lastLife();
            if (last != null && last.claimed && (now == 0 || now != last.probe)) {
                pop(last, e, true);
            }
        }
    }

    /** The int3 of its slot was hit, and the probe is current again that was so before: it is not a hit of that one. */
    private static boolean restores(Life served, long now) {
        return served.outcome == Outcome.STEPPING
                && served.claimed
                && !served.popped
                && served.trapVector == TrapVector.BP
                && served.inSlot(served.trapEip)
                && served.slot != served.address
                && now == served.currentAtHit;
    }

    private static void pop(Life life, Event e, boolean stray) {
        life.popped = true;
        life.strayPop |= stray;
        life.popOrdinal = e.ordinal();
    }

    /**
     * kprobe_status was stored to. A probe that re-enters itself stays current, and a source that delivers changes only
     * shows nothing but its status.
     */
    void status(Event e, long now) {
        Frame frame = cpu.top();
        Life hit = frame == null ? null : frame.hit;
        if (hit != null && !hit.claimed && hit.found && now == KprobeStatus.KPROBE_REENTER) {
            hit.claimed = true;
            hit.claimOrdinal = e.ordinal();
        }
    }

    /** post_kprobe_handler said that the #DB was the end of a step: it may have restored a probe over itself. */
    void stepTaken(Event e) {
        Frame frame = cpu.top();
        Life served = frame == null ? null : frame.serves;
        if (served != null && !served.popped && !served.outcome.isOver()) {
            pop(served, e, false);
        }
    }

    /** The lookup of a probe returned. */
    void lookup(long probe) {
        Frame frame = cpu.top();
        if (frame != null && frame.hit != null && probe != 0) {
            frame.hit.found = true;
            frame.hit.probe = frame.hit.probe == 0 ? probe : frame.hit.probe;
        }
    }

    /** kprobe_handler returned. */
    void handlerReturned(Event e, int result) {
        Frame frame = cpu.top();
        if (frame != null && frame.hit != null) {
            frame.hit.handlerResult = result;
            frame.hit.handlerResultOrdinal = e.ordinal();
        }
    }

    /** A user handler was called. */
    void handlerCalled(Role role) {
        Life life = governing();
        if (life != null) {
            life.handlerCalls++;
            life.preCalls += role == Role.PRE_HANDLER ? 1 : 0;
            life.postCalls += role == Role.POST_HANDLER ? 1 : 0;
        }
    }

    /** A pre_handler returned, be it a user's or one that kprobes brings along. */
    void preReturned(boolean handsOver) {
        Life life = governing();
        if (life != null) {
            life.preResult |= handsOver ? 1 : 0;
        }
    }

    /** A handler returns: has it written ip or other registers of the image that it was shown? */
    void handlerWrote(Event e, Role role, long ipBefore, long differedBefore) {
        Life life = governing();
        if (life == null || role == Role.RETURN_HANDLER) {
            return;
        }
        long now = e.value(Shown.DIFFERS);
        long written = now ^ differedBefore;
        Frame frame = cpu.top();
        if (written != 0 && frame != null) {
            // Of each trap its own: what the code had at the trap behind a step is what the handler before it wrote.
            // And
            // what a handler takes back to what it was is owed to nobody.
            long before = life.writtenIn == frame.entryOrdinal ? life.handlerRegisters : 0;
            life.handlerRegisters = (before | written) & ~(written & ~now);
            life.writtenIn = frame.entryOrdinal;
        }
        if (e.value(Shown.IP) != ipBefore) {
            life.movedOrdinal = e.ordinal();
            life.movedIp = e.value(Shown.IP);
            life.movedByPost = role == Role.POST_HANDLER;
        }
    }

    /** The nmissed of a probe was raised; 0 stands for a probe that is not declared. */
    void missed(long probe) {
        Life life = governing();
        if (life != null && (life.probe == probe || !state.guest().declares(Role.NMISSED, life.probe))) {
            life.missed++;
        }
    }

    /** The life that the code in the top frame works for. */
    private @Nullable Life governing() {
        Frame frame = cpu.top();
        return frame == null ? null : governing(frame);
    }

    /** The life that a frame's code works for: its own hit, or the one whose step its trap ended. */
    private static @Nullable Life governing(Frame frame) {
        Life hit = frame.hit;
        return hit != null && (hit.claimed || hit.found || frame.serves == null) ? hit : frame.serves;
    }

    /** preempt_count was changed by code that is kprobes' own. */
    void preemptChanged(Event e) {
        for (int i = 0; i < cpu.livesCount; i++) {
            cpu.lives[i].preemptOrdinal = e.ordinal();
        }
    }

    /** The image of a live frame was written. */
    void frameWritten(Event e, Frame frame, boolean byHandler) {
        Life life = governing(frame);
        if (life != null && byHandler) {
            life.handlerWrote |= e.value(EflagsWrite.OLD) ^ e.value(EflagsWrite.NEW);
            life.handlerWroteOrdinal = e.ordinal();
        }
    }

    /** The register was written by an instruction that loads flags. */
    void flagsLoaded(Event e, long now) {
        if (cpu.inStep(e.ip())) {
            Life life = cpu.lives[cpu.livesCount - 1];
            life.flagLoadOrdinal = e.ordinal();
            life.flagLoad = now;
        }
    }

    /** A frame was closed; it is still what it was, but no longer on the stack. */
    void trapExit(Event e, Frame frame) {
        Life served = frame.serves;
        if (frame.hit != null && !frame.hit.outcome.isOver()) {
            hitReturned(e, frame, frame.hit, served);
        } else if (served != null && !served.outcome.isOver()) {
            stepReturned(e, served);
        }
        unwind(e);
    }

    private void hitReturned(Event e, Frame frame, Life hit, @Nullable Life served) {
        long ip = e.value(TrapExit.IP);
        if (hit.claimed) {
            claimedReturned(e, hit);
        } else if (served != null && continues(e, frame, served)) {
            end(hit, Outcome.CONTINUATION, e);
        } else if (ip == hit.address) {
            end(hit, Outcome.VANISHED, e);
        } else if (ip == hit.address + 1) {
            end(hit, Outcome.PASSED, e);
        } else {
            end(hit, Outcome.DIRECT, e);
        }
    }

    private void claimedReturned(Event e, Life hit) {
        if (hit.popped) {
            end(hit, Outcome.DIRECT, e);
            return;
        }
        leave(e, hit);
        if ((hit.leftEflags & Eflags.TF) == 0 && !cpu.statusKnown) {
            cpu.forget(); // behind lost events nobody can tell whether it steps or was handed over
            return;
        }
        boolean steps = (hit.leftEflags & Eflags.TF) != 0
                || cpu.status == KprobeStatus.KPROBE_HIT_SS
                || cpu.status == KprobeStatus.KPROBE_REENTER;
        if (steps) {
            hit.outcome = Outcome.STEPPING;
            hit.slot = hit.leftIp;
        } else {
            hit.outcome = Outcome.HANDED_OVER;
            hit.handedOver = true;
        }
        hit.reentered = cpu.status == KprobeStatus.KPROBE_REENTER;
        left = hit;
        moved = true;
    }

    private void leave(Event e, Life life) {
        life.leftOrdinal = e.ordinal();
        life.leftStep = e.step();
        life.leftIcount = cpu.icount();
        life.leftIp = e.value(TrapExit.IP);
        life.leftEflags = e.value(TrapExit.EFLAGS);
        life.leftOld = cpu.oldEflags;
        life.leftSaved = cpu.savedEflags;
        life.leftKnown = cpu.copiesKnown();
    }

    /** A #BP that was taken while another life waited for it: does that life go on or end? */
    private boolean continues(Event e, Frame frame, Life served) {
        if (served.popped) {
            end(served, served.outcome == Outcome.STEPPING ? Outcome.STEPPED : Outcome.DIRECT, e);
            return true;
        }
        if (served.outcome == Outcome.STEPPING) {
            // The stepped instruction was an int3: no #DB follows it, and nobody has ended the life.
            end(served, Outcome.ABANDONED, e);
            return true;
        }
        if (frame.status != cpu.status && cpu.status == KprobeStatus.KPROBE_HIT_SS) {
            leave(e, served);
            served.outcome = Outcome.STEPPING;
            served.slot = served.leftIp;
            served.baseDepth = cpu.depth;
            left = served;
            moved = true;
            return true;
        }
        return false;
    }

    private void stepReturned(Event e, Life life) {
        if (life.popped) {
            end(life, life.trapVector == TrapVector.DB ? Outcome.STEPPED : Outcome.CANCELLED, e);
        } else if (!life.inSlot(e.value(TrapExit.IP)) || losesTf(life, e)) {
            end(life, Outcome.ABANDONED, e);
        }
    }

    /** Whether a step that a #DB was to end goes on without TF; a slot that ends in an int3 needs none. */
    private static boolean losesTf(Life life, Event exit) {
        return (life.leftEflags & ~exit.value(TrapExit.EFLAGS) & Eflags.TF) != 0;
    }

    /** Lives of frames that were left without an IRET of their own are over too. */
    private void unwind(Event e) {
        while (cpu.livesCount > 0 && cpu.lives[cpu.livesCount - 1].baseDepth > cpu.depth) {
            end(cpu.lives[cpu.livesCount - 1], Outcome.ABANDONED, e);
        }
    }

    private void end(Life life, Outcome outcome, Event e) {
        life.outcome = outcome;
        life.endOrdinal = e.ordinal();
        life.endStep = e.step();
        life.endIcount = cpu.icount();
        life.endIp = e.value(TrapExit.IP);
        life.endEflags = e.value(TrapExit.EFLAGS);
        life.endPreempt = cpu.preemptByKprobes;
        if (outcome != Outcome.CONTINUATION) {
            chargeAlone(life);
        }
        remove(life);
        over[overCount++] = life;
        moved = true;
    }

    /** What a hit leaves in preempt_count is its own: those that it came into the middle of are not blamed for it too. */
    private void chargeAlone(Life life) {
        for (int i = 0; i < cpu.livesCount && cpu.lives[i] != life; i++) {
            cpu.lives[i].preemptAtHit += life.preemptDelta();
        }
    }

    /** Takes a life off the stack; the object stays whole until the next hit. */
    private void remove(Life life) {
        for (int i = 0; i < cpu.livesCount; i++) {
            if (cpu.lives[i] == life) {
                System.arraycopy(cpu.lives, i + 1, cpu.lives, i, cpu.lives.length - i - 1);
                cpu.lives[cpu.lives.length - 1] = life;
                cpu.livesCount--;
                return;
            }
        }
    }
}
