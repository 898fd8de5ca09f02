package trapline.machine;

import org.jspecify.annotations.Nullable;

/**
 * Runs one CPU: block after block as long as nothing needs attention, else one instruction at a time with everything that
 * an instruction boundary has to look at.
 */
final class Executor {
    private static final long EIP_MASK = 0xffff_ffffL;

    private final Cpu cpu;
    private final Machine machine;
    private final BlockCache cache;
    /** The block that executes, while observed. */
    private Block running = Block.NONE;

    /** Where the instruction started that a pending trap belongs to. */
    private int eipOfTrap;

    /** EIP and step at which a stop address was reported, so that going on executes it. */
    private int eipOfStop;

    private long stepOfStop = -1;

    Executor(Cpu cpu) {
        this.cpu = cpu;
        this.machine = cpu.machine;
        this.cache = new BlockCache(cpu);
    }

    long contextOf(Cpu ofCpu) {
        return ofCpu.executor == this ? cache.contextOf() : 0;
    }

    void forgetContexts() {
        cache.forgetContexts();
    }

    void remove(Block block) {
        cache.remove(block);
    }

    void clear() {
        cache.clear();
    }

    /**
     * Executes until {@code steps} instructions have retired, the CPU cannot run on, or a stop is due.
     */
    void run(long steps) {
        long until = machine.step + steps;
        Block block = Block.NONE;
        while (machine.step < until) {
            if (cpu.attention) {
                if (machine.stopRequested || !cpu.isRunnable() || !stepCarefully()) {
                    return;
                }
                block = Block.NONE;
                continue;
            }
            long key = cpu.context | (cpu.eip & EIP_MASK);
            Block next = block.link0;
            if (next.key != key) {
                next = block.link1;
                if (next.key != key) {
                    Block found = lookUp();
                    if (found == null) {
                        if (machine.stoppedAt) {
                            return;
                        }
                        block = Block.NONE;
                        continue;
                    }
                    next = found;
                    if (block != Block.NONE) {
                        block.link1 = block.link0;
                        block.link0 = next;
                    }
                }
            }
            block = next;
            long left = until - machine.step;
            int length = block.code.length;
            execute(block, left < length ? (int) left : length);
        }
    }

    /** The next block; null if a fetch fault was delivered instead or a stop address was reached. */
    private @Nullable Block lookUp() {
        try {
            Block found = cache.find();
            if (found.stop && !(machine.step == stepOfStop && cpu.eip == eipOfStop)) {
                stepOfStop = machine.step;
                eipOfStop = cpu.eip;
                machine.stoppedAt = true;
                return null;
            }
            return found;
        } catch (Fault fault) {
            cpu.traps.fault(fault);
            return null;
        }
    }

    /** Executes the first {@code count} instructions of a block, fewer if it is left early or an instruction faults. */
    private void execute(Block block, int count) {
        Cpu c = cpu;
        c.limit = count;
        c.eip = block.end;
        Instruction[] code = block.code;
        int done = 0;
        try {
            Observer observer = c.observer;
            if (observer == null) {
                for (; done < c.limit; done++) {
                    code[done].execute(c);
                }
            } else {
                if (block.function >= 0) {
                    observer.arrived(c, block.function);
                }
                running = block;
                MachineListener listener = observer.listener;
                long step = machine.step;
                for (; done < c.limit; done++) {
                    Instruction instruction = code[done];
                    c.index = done;
                    int old = c.eflags;
                    instruction.execute(c);
                    int cause = instruction.flagCause;
                    if (cause != 0) {
                        listener.eflagsWrite(c.id, step + done, instruction.eip, old, c.eflags, cause);
                    }
                }
                c.index = 0;
                running = Block.NONE;
            }
            retire(done);
            if (done < code.length) {
                c.eip = code[done].eip;
            } else if (observer != null && block.endsInReturn) {
                observer.returned(c, code[done - 1].eip);
            }
            if (c.attention) {
                leave(code[done - 1]);
            }
        } catch (Fault fault) {
            c.index = 0;
            running = Block.NONE;
            retire(done);
            c.eip = code[done].eip;
            eipOfTrap = c.eip;
            c.traps.fault(fault);
        } catch (MachineEnd end) {
            c.index = 0;
            running = Block.NONE;
            retire(done);
            c.eip = code[done].eip;
            throw end;
        }
    }

    /** EIP of the instruction that executes now; outside of one, the CPU's EIP. Exact while observed. */
    int eipOfRunning() {
        return running == Block.NONE ? cpu.eip : running.code[cpu.index].eip;
    }

    int eipOfTrap() {
        return eipOfTrap;
    }

    void setEipOfTrap(int eip) {
        eipOfTrap = eip;
    }

    private void retire(int count) {
        cpu.icount += count;
        machine.step += count;
    }

    /** Something needs attention after {@code last}. */
    private void leave(Instruction last) {
        eipOfTrap = last.eip;
        if (cpu.unfinished) {
            retire(-1);
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
     *   <li>Faults of fetching it: limit, page fault; in {@link BlockCache#find}.
     *   <li>Faults of decoding it: #UD, #NM, length; then those of executing it.
     * </ol>
     */
    private boolean deliverPending(int shadow) {
        boolean afterStackLoad = (shadow & Cpu.SHADOW_SS) != 0;
        if (cpu.debug.hasPendingTrap() && !afterStackLoad) {
            cpu.debug.takePending();
            cpu.traps.trap(eipOfTrap);
            return true;
        }
        if (cpu.nmiPending && !cpu.nmiBlocked && !afterStackLoad) {
            boolean injected = cpu.nmiInjected;
            cpu.nmiPending = false;
            cpu.nmiInjected = false;
            cpu.nmiBlocked = true;
            cpu.traps.raise(Fault.NMI, Fault.NO_CODE, Traps.INTERRUPT, originOf(injected));
            return true;
        }
        if ((cpu.eflags & Flags.IF) != 0 && shadow == 0 && cpu.apic.hasPending()) {
            boolean injected = cpu.apic.isNextInjected();
            cpu.traps.raise(cpu.apic.take(), Fault.NO_CODE, Traps.INTERRUPT, originOf(injected));
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
            cpu.traps.raise(Fault.DB, Fault.NO_CODE, Traps.CODE_BREAKPOINT, MachineListener.ORIGIN_INSTRUCTION);
            cpu.updateAttention();
            return true;
        }
        Block block = lookUp();
        if (block == null) {
            cpu.shadow = machine.stoppedAt ? shadow : cpu.shadow;
            cpu.updateAttention();
            return !machine.stoppedAt;
        }
        boolean single = (cpu.eflags & Flags.TF) != 0;
        // RF holds for one instruction; one that sets it (IRET) does so below.
        cpu.eflags &= ~Flags.RF;
        cpu.shadowBefore = shadow;
        cpu.stepping = single;
        cpu.gateTaken = false;
        long before = cpu.icount;
        execute(block, 1);
        boolean completed = cpu.icount != before || cpu.unfinished;
        if (single && completed && !cpu.gateTaken && (cpu.shadow & Cpu.SHADOW_SS) == 0) {
            cpu.debug.addPending(DebugRegisters.BS);
        }
        cpu.stepping = false;
        cpu.shadowBefore = 0;
        cpu.updateAttention();
        return true;
    }
}
