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
    /** Instructions of the running block that have completed. */
    private int done;
    /** Where the instruction started that a pending trap belongs to. */
    private int eipOfTrap;

    /** EIP and instruction count of this CPU at which a stop address was reported, so that going on executes it. */
    private int eipOfStop;

    private long icountOfStop = -1;

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

    /** Where it stopped last ({@link Machine#stopBefore}), and at which of the CPU's instructions: it goes on from there. */
    int eipOfStop() {
        return eipOfStop;
    }

    /** See {@link #eipOfStop()}. */
    long icountOfStop() {
        return icountOfStop;
    }

    void setStop(int eip, long icount) {
        eipOfStop = eip;
        icountOfStop = icount;
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
                if (machine.stopRequested || machine.leaving || !cpu.isRunnable() || !stepCarefully()) {
                    return;
                }
                block = Block.NONE;
                continue;
            }
            Block next = linked(block);
            if (next == null) {
                next = lookUp();
                if (next == null) {
                    if (machine.stoppedAt) {
                        return;
                    }
                    block = Block.NONE;
                    continue;
                }
                if (block != Block.NONE) {
                    block.link1 = block.link0;
                    block.link0 = next;
                }
            }
            block = execute(next, until);
        }
    }

    /** The block that comes next, if it is one of the two that followed last. */
    private @Nullable Block linked(Block block) {
        long key = cpu.context | (cpu.eip & EIP_MASK);
        Block next = block.link0;
        if (next.key == key) {
            return next;
        }
        next = block.link1;
        return next.key == key ? next : null;
    }

    /** The next block; null if a fetch fault was delivered instead or a stop address was reached. */
    private @Nullable Block lookUp() {
        try {
            Block found = cache.find();
            if (found.stop && !(cpu.icount == icountOfStop && cpu.eip == eipOfStop)) {
                icountOfStop = cpu.icount;
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

    /**
     * Executes a block, no further than to step {@code until}, less if it is left early or an instruction faults. While a
     * log is filled, goes on with the blocks that are linked to it.
     *
     * @return the last block
     */
    private Block execute(Block block, long until) {
        Cpu c = cpu;
        // Of the instruction before: a REP that went on in the meantime and ended leaves nothing unfinished.
        c.unfinished = false;
        Observer observer = c.observer;
        FlagLog log = observer == null ? null : observer.log();
        if (observer != null && log != null) {
            return executeLogged(block, observer, log, until);
        }
        try {
            begin(c, block, until);
            if (observer == null) {
                runPlain(c, block.code);
                end(c, block);
            } else {
                runTold(c, block, observer);
            }
        } catch (Fault fault) {
            abandon(block);
            c.traps.fault(fault);
        } catch (MachineEnd end) {
            abandon(block);
            throw end;
        }
        return block;
    }

    private void begin(Cpu c, Block block, long until) {
        long left = until - machine.step;
        int length = block.code.length;
        c.limit = left < length ? (int) left : length;
        c.eip = block.end;
        done = 0;
    }

    private void end(Cpu c, Block block) {
        Instruction[] code = block.code;
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
     * Executes blocks as long as they are linked, each a burst of the log. Meanwhile the machine's step is that of the log's
     * position 0, and {@link Cpu#index} is the position: one count for both, and nothing to bring up to date between blocks.
     *
     * @return the last block
     */
    private Block executeLogged(Block first, Observer observer, FlagLog log, long until) {
        Cpu c = cpu;
        Block block = first;
        Block next = first;
        long base = log.base();
        int last = (int) Math.min(until - base, FlagLog.INSTRUCTIONS_MAX);
        c.index = (int) (machine.step - base);
        c.icount -= c.index;
        machine.step = base;
        try {
            while (next != null) {
                block = next;
                if (block.function >= 0) {
                    observer.arrived(c, block.function, block.eip);
                }
                boolean whole = runLogged(c, block, log, last);
                if (whole && block.endsInReturn) {
                    observer.returned(c, block.code[block.length - 1].eip);
                }
                next = c.index < last && !c.attention && !log.isFull(c.index) ? linked(block) : null;
            }
        } catch (Fault fault) {
            abandonLogged(c, block, log);
            c.traps.fault(fault);
            return block;
        } catch (MachineEnd end) {
            abandonLogged(c, block, log);
            throw end;
        }
        endLogged(c, block, log);
        return block;
    }

    /**
     * Nothing here depends on what an instruction does to EFLAGS: the status flags are noted after each. Kept so small that
     * the compiler takes it into its caller; what only some blocks need is done there.
     *
     * @return whether the whole block was executed
     */
    private boolean runLogged(Cpu c, Block block, FlagLog log, int last) {
        int start = c.index;
        int end = start + block.length;
        c.eip = block.end;
        c.limit = Math.min(end, last);
        log.open(block, start, c.eflags);
        byte[] status = log.status;
        Instruction instruction = block.first;
        while (c.index < c.limit) {
            instruction.execute(c);
            status[c.index] = FlagLog.pack(c.eflags);
            c.index++;
            instruction = instruction.following;
        }
        log.close(c.index);
        if (c.index < end) {
            c.eip = block.code[c.index - start].eip;
            return false;
        }
        return true;
    }

    private void endLogged(Cpu c, Block block, FlagLog log) {
        int finished = c.index - log.start();
        retireLogged(c);
        if (c.attention && finished > 0) {
            leave(block.code[finished - 1]);
        }
    }

    private void abandonLogged(Cpu c, Block block, FlagLog log) {
        int finished = c.index - log.start();
        log.close(c.index);
        retireLogged(c);
        abandonAt(c, block.code[finished]);
    }

    private void retireLogged(Cpu c) {
        retire(c.index);
        c.index = 0;
    }

    /** The listener is told of every arithmetic instruction. */
    private void runTold(Cpu c, Block block, Observer observer) {
        if (block.function >= 0) {
            observer.arrived(c, block.function, block.eip);
        }
        runTold(c, block.code, observer.listener);
        end(c, block);
        if (block.endsInReturn && done == block.code.length) {
            observer.returned(c, block.code[done - 1].eip);
        }
    }

    private void runTold(Cpu c, Instruction[] code, MachineListener listener) {
        long step = machine.step;
        int i = 0;
        try {
            for (; i < c.limit; i++) {
                Instruction instruction = code[i];
                c.index = i;
                c.eipOfRunning = instruction.eip;
                int old = c.eflags;
                instruction.execute(c);
                if (instruction.writesStatus) {
                    listener.eflagsWrite(c.id, step + i, instruction.eip, old, c.eflags, MachineListener.CAUSE_ALU);
                }
            }
        } finally {
            done = i;
            c.index = 0;
        }
    }

    /** The instruction that comes next in the block did not complete. */
    private void abandon(Block block) {
        retire(done);
        abandonAt(cpu, block.code[done]);
    }

    private void abandonAt(Cpu c, Instruction instruction) {
        c.eip = instruction.eip;
        eipOfTrap = c.eip;
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
            machine.moveStep(-1);
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
        cpu.stepping = single;
        cpu.gateTaken = false;
        long before = cpu.icount;
        execute(block, machine.step + 1);
        boolean completed = cpu.icount != before || cpu.unfinished;
        if (single && completed && !cpu.gateTaken && (cpu.shadow & Cpu.SHADOW_SS) == 0) {
            cpu.debug.addPending(DebugRegisters.BS);
        }
        cpu.stepping = false;
        cpu.updateAttention();
        return true;
    }
}
