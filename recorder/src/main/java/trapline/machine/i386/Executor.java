package trapline.machine.i386;

import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Flags;
import trapline.machine.bus.Clock;
import trapline.machine.bus.MachineEnd;
import trapline.machine.bus.Stops;
import trapline.machine.device.LocalApic;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observer;
import trapline.machine.tape.Tape;

/**
 * Runs one CPU: strip after strip as long as nothing needs attention, else one instruction at a time with everything that
 * an instruction boundary has to look at.
 */
public final class Executor {
    private static final long EIP_MASK = 0xffff_ffffL;

    private final Cpu cpu;
    private final Clock clock;
    private final Stops stops;
    private final StripCache cache;
    /** Instructions of the running strip that have completed. */
    private int done;

    /** The executor of a CPU. */
    public Executor(Cpu cpu) {
        this.cpu = cpu;
        this.clock = cpu.clock;
        this.stops = cpu.stops;
        this.cache = new StripCache(cpu);
    }

    /** Forgets all decoded code: observed functions or stops changed. */
    public void clear() {
        cache.clear();
    }

    /**
     * Executes until {@code steps} instructions have retired, the CPU cannot run on, or a stop is due.
     */
    public void run(long steps) {
        long until = clock.step + steps;
        Strip strip = Strip.NONE;
        while (clock.step < until) {
            if (cpu.attention) {
                if (stops.requested || stops.leaving || !cpu.isRunnable() || !stepCarefully()) {
                    return;
                }
                strip = Strip.NONE;
                continue;
            }
            Strip next = linked(strip);
            if (next == null) {
                next = lookUp();
                if (next == null) {
                    if (stops.reached) {
                        return;
                    }
                    strip = Strip.NONE;
                    continue;
                }
                if (strip != Strip.NONE) {
                    strip.link1 = strip.link0;
                    strip.link0 = next;
                }
            }
            strip = execute(next, until);
        }
    }

    /** The strip that comes next, if it is one of the two that followed last. */
    private @Nullable Strip linked(Strip strip) {
        long key = cpu.context | (cpu.eip & EIP_MASK);
        Strip next = strip.link0;
        if (next.key == key) {
            return next;
        }
        next = strip.link1;
        return next.key == key ? next : null;
    }

    /** The next strip; null if a fetch fault was delivered instead or a stop address was reached. */
    private @Nullable Strip lookUp() {
        try {
            Strip found = cache.find();
            if (found.stop && !(cpu.icount == cpu.icountOfStop && cpu.eip == cpu.eipOfStop)) {
                cpu.icountOfStop = cpu.icount;
                cpu.eipOfStop = cpu.eip;
                stops.reached = true;
                return null;
            }
            return found;
        } catch (Fault fault) {
            Traps.fault(cpu, fault);
            return null;
        }
    }

    /**
     * Executes a strip, no further than to step {@code until}, less if it is left early or an instruction faults. While a
     * tape is filled, goes on with the strips that are linked to it.
     *
     * @return the last strip
     */
    private Strip execute(Strip strip, long until) {
        Cpu c = cpu;
        // Of the instruction before: a REP that went on in the meantime and ended leaves nothing unfinished.
        c.unfinished = false;
        Observer observer = c.observer;
        Tape tape = observer == null ? null : observer.tape();
        if (observer != null && tape != null) {
            return executeLogged(strip, observer, tape, until);
        }
        try {
            begin(c, strip, until);
            if (observer == null) {
                runPlain(c, strip.code);
                end(c, strip);
            } else {
                runTold(c, strip, observer);
            }
        } catch (Fault fault) {
            abandon(strip);
            if (fault.vector == Fault.ALONE) {
                c.attention = true;
            } else {
                Traps.fault(c, fault);
            }
        } catch (MachineEnd end) {
            abandon(strip);
            throw end;
        }
        return strip;
    }

    private void begin(Cpu c, Strip strip, long until) {
        long left = until - clock.step;
        int length = strip.code.length;
        c.limit = left < length ? (int) left : length;
        c.eip = strip.end;
        done = 0;
    }

    private void end(Cpu c, Strip strip) {
        Instruction[] code = strip.code;
        int finished = done;
        retire(finished);
        if (finished < code.length) {
            c.eip = code[finished].eip;
        }
        // A stop requested by another thread can come before the first instruction.
        if (c.attention && finished > 0) {
            leave(code[finished - 1]);
        }
    }

    private void runPlain(Cpu c, Instruction[] code) {
        int i = 0;
        try {
            for (; i < c.limit; i++) {
                code[i].execute(c);
            }
        } finally {
            done = i;
        }
    }

    /**
     * Executes strips as long as they are linked, each a burst of the tape. Meanwhile the machine's step is that of the log's
     * position 0, and {@link Cpu#index} is the position: one count for both, and nothing to bring up to date between strips.
     *
     * @return the last strip
     */
    private Strip executeLogged(Strip first, Observer observer, Tape tape, long until) {
        Cpu c = cpu;
        Strip strip = first;
        Strip next = first;
        long base = tape.base();
        int last = (int) Math.min(until - base, Tape.INSTRUCTIONS_MAX);
        c.index = (int) (clock.step - base);
        c.icount -= c.index;
        clock.step = base;
        try {
            while (next != null) {
                strip = next;
                if (strip.function >= 0) {
                    observer.arrived(c, strip.function, strip.eip);
                }
                boolean whole = runLogged(c, strip, tape, last);
                if (whole && strip.endsInReturn) {
                    observer.returned(c, strip.code[strip.length - 1].eip);
                }
                next = c.index < last && !c.attention && !tape.isFull(c.index) ? linked(strip) : null;
            }
        } catch (Fault fault) {
            abandonLogged(c, strip, tape);
            Traps.fault(c, fault);
            return strip;
        } catch (MachineEnd end) {
            abandonLogged(c, strip, tape);
            throw end;
        }
        endLogged(c, strip, tape);
        return strip;
    }

    /**
     * Nothing here depends on what an instruction does to EFLAGS: the status flags are noted after each. Kept so small that
     * the compiler takes it into its caller; what only some strips need is done there.
     *
     * @return whether the whole strip was executed
     */
    private boolean runLogged(Cpu c, Strip strip, Tape tape, int last) {
        int start = c.index;
        int end = start + strip.length;
        c.eip = strip.end;
        c.limit = Math.min(end, last);
        tape.open(strip, start, c.eflags);
        byte[] status = tape.status;
        Instruction instruction = strip.first;
        while (c.index < c.limit) {
            instruction.execute(c);
            status[c.index] = Tape.pack(c.eflags);
            c.index++;
            instruction = instruction.following;
        }
        tape.close(c.index);
        if (c.index < end) {
            c.eip = strip.code[c.index - start].eip;
            return false;
        }
        return true;
    }

    private void endLogged(Cpu c, Strip strip, Tape tape) {
        int finished = c.index - tape.start();
        retireLogged(c);
        if (c.attention && finished > 0) {
            leave(strip.code[finished - 1]);
        }
    }

    private void abandonLogged(Cpu c, Strip strip, Tape tape) {
        int finished = c.index - tape.start();
        tape.close(c.index);
        retireLogged(c);
        abandonAt(c, strip.code[finished]);
    }

    private void retireLogged(Cpu c) {
        retire(c.index);
        c.index = 0;
    }

    /** The listener is told of every arithmetic instruction. */
    private void runTold(Cpu c, Strip strip, Observer observer) {
        if (strip.function >= 0) {
            observer.arrived(c, strip.function, strip.eip);
        }
        runTold(c, strip.code, observer);
        end(c, strip);
        if (strip.endsInReturn && done == strip.code.length) {
            observer.returned(c, strip.code[done - 1].eip);
        }
    }

    private void runTold(Cpu c, Instruction[] code, Observer observer) {
        int i = 0;
        try {
            for (; i < c.limit; i++) {
                Instruction instruction = code[i];
                c.index = i;
                c.eipOfRunning = instruction.eip;
                int old = c.eflags;
                instruction.execute(c);
                if (instruction.writesStatus) {
                    observer.eflagsWrite(c, instruction.eip, old, c.eflags, MachineListener.CAUSE_ALU);
                }
            }
        } finally {
            done = i;
            c.index = 0;
        }
    }

    /** The instruction that comes next in the strip did not complete. */
    private void abandon(Strip strip) {
        retire(done);
        abandonAt(cpu, strip.code[done]);
    }

    private void abandonAt(Cpu c, Instruction instruction) {
        c.eip = instruction.eip;
        cpu.eipOfTrap = c.eip;
    }

    private void retire(int count) {
        cpu.icount += count;
        clock.step += count;
    }

    /** Something needs attention after {@code last}. */
    private void leave(Instruction last) {
        cpu.eipOfTrap = last.eip;
        if (cpu.unfinished) {
            clock.step--;
            if (cpu.observer != null) {
                cpu.observer.stepsChange(-1);
            }
            cpu.icount--;
            cpu.eip = last.eip;
        }
    }

    /**
     * One boundary and at most one instruction, with all that can happen there in the order of SDM vol. 3A table 6-2.
     * Returns false when the CPU cannot go on.
     */
    private boolean stepCarefully() {
        int shadow = cpu.shadow;
        cpu.shadow = 0;
        if (deliverPending(shadow)) {
            cpu.unfinished = false;
            cpu.updateAttention();
            return true;
        }
        cpu.unfinished = false;
        if (cpu.halted) {
            cpu.shadow = shadow;
            return false;
        }
        return executeOne(shadow);
    }

    /**
     * The priorities of simultaneous events at an instruction boundary (SDM vol. 3A table 6-2), highest first:
     *
     * <ol>
     *   <li>RESET, machine check, task-switch trap: none here; INIT acts at once (see {@link LocalApic}).
     *   <li>Traps of the instruction before: data breakpoints and single-step as one #DB. A MOV SS or POP SS just before
     *       defers them (SDM vol. 3A §6.8.3).
     *   <li>NMI, unless one is being handled, or MOV SS/POP SS just before.
     *   <li>Maskable interrupts if IF, unless STI or MOV SS/POP SS just before.
     *   <li>Instruction breakpoint of the next instruction: in {@link #executeOne}, unless RF.
     *   <li>Faults of fetching it: limit, page fault; in {@link StripCache#find}.
     *   <li>Faults of decoding it: #UD, #NM, length; then those of executing it.
     * </ol>
     */
    private boolean deliverPending(int shadow) {
        boolean afterStackLoad = (shadow & Cpu.SHADOW_SS) != 0;
        if (cpu.debug.hasPendingTrap() && !afterStackLoad) {
            cpu.debug.takePending();
            Traps.trap(cpu, cpu.eipOfTrap);
            return true;
        }
        if (cpu.nmiPending && !cpu.nmiBlocked && !afterStackLoad) {
            boolean injected = cpu.nmiInjected;
            cpu.nmiPending = false;
            cpu.nmiInjected = false;
            cpu.nmiBlocked = true;
            Traps.raise(cpu, Fault.NMI, Fault.NO_CODE, Traps.INTERRUPT, originOf(injected));
            return true;
        }
        if ((cpu.eflags & Flags.IF) != 0 && shadow == 0 && cpu.apic.hasPending()) {
            boolean injected = cpu.apic.isNextInjected();
            Traps.raise(cpu, cpu.apic.take(), Fault.NO_CODE, Traps.INTERRUPT, originOf(injected));
            return true;
        }
        return false;
    }

    private static int originOf(boolean injected) {
        return injected ? MachineListener.ORIGIN_INJECTED : MachineListener.ORIGIN_EXTERNAL;
    }

    private boolean executeOne(int shadow) {
        int hits = (cpu.eflags & Flags.RF) != 0 ? 0 : cpu.debug.codeHits(cpu.seg.base[Cpu.CS] + cpu.eip);
        if (hits != 0) {
            cpu.debug.setHits(hits);
            Traps.raise(cpu, Fault.DB, Fault.NO_CODE, Traps.CODE_BREAKPOINT, MachineListener.ORIGIN_INSTRUCTION);
            cpu.updateAttention();
            return true;
        }
        Observer observer = cpu.observer;
        if (cpu.followed && observer != null) {
            observer.boundary(cpu);
        }
        Strip strip = lookUp();
        if (strip == null) {
            cpu.shadow = stops.reached ? shadow : cpu.shadow;
            cpu.updateAttention();
            return !stops.reached;
        }
        boolean single = (cpu.eflags & Flags.TF) != 0;
        // RF holds for one instruction; one that sets it (IRET) does so below.
        cpu.eflags &= ~Flags.RF;
        cpu.stepping = single;
        cpu.gateTaken = false;
        long before = cpu.icount;
        cpu.alone = true;
        try {
            execute(strip, clock.step + 1);
        } finally {
            cpu.alone = false;
        }
        boolean completed = cpu.icount != before || cpu.unfinished;
        if (single && completed && !cpu.gateTaken && (cpu.shadow & Cpu.SHADOW_SS) == 0) {
            cpu.debug.addPending(DebugRegisters.BS);
        }
        cpu.stepping = false;
        cpu.updateAttention();
        return true;
    }
}
