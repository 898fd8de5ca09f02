package trapline.machine.i386;

import trapline.machine.alu.Alu;
import trapline.machine.alu.Flags;
import trapline.machine.alu.Shifts;
import trapline.machine.bus.PageMarks;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observer;

/**
 * String instructions, alone and repeated (Intel SDM vol. 2, REP).
 *
 * <p>A repeated instruction retires once, when it ends. Between iterations it can be interrupted: by the single-step trap
 * after each one if TF was set when it started, and by data breakpoints. Registers then show how far it got and EIP still
 * points at it.
 */
final class Strings {
    private static final int REPE = 0xf3;

    /** One iteration. */
    private interface Iteration {
        void run(Cpu c, Operation o);
    }

    private Strings() {}

    private static int counter(Operation o) {
        return o.narrow ? 2 : 4;
    }

    private static void repeat(Cpu c, Operation o, Iteration iteration) {
        if (o.repeat == 0) {
            iteration.run(c, o);
            return;
        }
        while (c.reg(Cpu.ECX, counter(o)) != 0) {
            iteration.run(c, o);
            if (countDown(c, o) == 0 || isInterrupted(c)) {
                return;
            }
        }
    }

    private static int countDown(Cpu c, Operation o) {
        int left = (c.reg(Cpu.ECX, counter(o)) - 1) & Shifts.mask(counter(o));
        c.setReg(Cpu.ECX, counter(o), left);
        return left;
    }

    /** Whether the instruction has to stop here although iterations are left. */
    private static boolean isInterrupted(Cpu c) {
        if (!c.mmu.isOnTrial() && ++c.stops.repeats >= c.stops.repeatsMax) {
            c.stops.requested = true;
            c.updateAttention();
        }
        if (c.stepping || c.limit == 0) {
            c.unfinished = true;
            c.attention = true;
            return true;
        }
        return false;
    }

    /** CMPS, SCAS: ends on ZF too. EFLAGS is written unless the count was 0 to begin with. */
    private static void repeatCompare(Cpu c, Operation o, Iteration iteration) {
        if (o.repeat != 0 && c.reg(Cpu.ECX, counter(o)) == 0) {
            return;
        }
        int old = c.eflags;
        int countBefore = c.r[Cpu.ECX];
        Observer observer = c.observer;
        try {
            compareAll(c, o, iteration);
        } catch (Fault fault) {
            if (observer != null && c.r[Cpu.ECX] != countBefore) {
                observer.eflagsWrite(c, o.eip, old, c.eflags, MachineListener.CAUSE_ALU);
            }
            throw fault;
        }
        if (observer != null) {
            observer.eflagsWrite(c, o.eip, old, c.eflags, MachineListener.CAUSE_ALU);
        }
    }

    private static void compareAll(Cpu c, Operation o, Iteration iteration) {
        if (o.repeat == 0) {
            iteration.run(c, o);
            return;
        }
        while (true) {
            iteration.run(c, o);
            boolean equal = (c.eflags & Flags.ZF) != 0;
            if (countDown(c, o) == 0 || equal != (o.repeat == REPE) || isInterrupted(c)) {
                return;
            }
        }
    }

    private static int step(Cpu c, Operation o) {
        return (c.eflags & Flags.DF) != 0 ? -o.size : o.size;
    }

    private static int source(Cpu c, Operation o) {
        int offset = c.reg(Cpu.ESI, counter(o));
        return o.plain ? offset : c.seg.linear(o.segment, offset, o.size, false);
    }

    private static int destination(Cpu c, Operation o, boolean write) {
        int offset = c.reg(Cpu.EDI, counter(o));
        return c.flat ? offset : c.seg.linear(Cpu.ES, offset, o.size, write);
    }

    private static void advance(Cpu c, Operation o, int register) {
        c.setReg(register, counter(o), c.reg(register, counter(o)) + step(c, o));
    }

    static void movs(Cpu c, Operation o) {
        repeat(c, o, (cpu, op) -> {
            if (bulk(cpu, op, true)) {
                return;
            }
            int value = cpu.mmu.read(source(cpu, op), op.size);
            cpu.mmu.write(destination(cpu, op, true), op.size, value);
            advance(cpu, op, Cpu.ESI);
            advance(cpu, op, Cpu.EDI);
        });
    }

    static void stos(Cpu c, Operation o) {
        repeat(c, o, (cpu, op) -> {
            if (bulk(cpu, op, false)) {
                return;
            }
            cpu.mmu.write(destination(cpu, op, true), op.size, cpu.reg(Cpu.EAX, op.size));
            advance(cpu, op, Cpu.EDI);
        });
    }

    /**
     * Does all iterations but the last one of those that stay within plain pages, and leaves the last to the caller's loop;
     * false if there is none to save.
     */
    private static boolean bulk(Cpu c, Operation o, boolean isMove) {
        if (o.repeat == 0 || c.stepping || !o.plain || !c.flat || (c.eflags & Flags.DF) != 0) {
            return false;
        }
        int edi = c.r[Cpu.EDI];
        int esi = c.r[Cpu.ESI];
        int room = PageMarks.PAGE_BYTES - (edi & 0xfff);
        if (isMove) {
            room = Math.min(room, PageMarks.PAGE_BYTES - (esi & 0xfff));
        }
        int count = (int) Math.min(c.r[Cpu.ECX] & 0xffff_ffffL, room / o.size);
        count = (int) Math.min(count, c.stops.repeatsMax - c.stops.repeats);
        int bytes = count * o.size;
        if (count < 2 || !c.mmu.isPlain(edi, bytes, true) || (isMove && !c.mmu.isPlain(esi, bytes, false))) {
            return false;
        }
        int to = c.mmu.plainIndex(edi);
        byte[] ram = c.memory.ram();
        if (isMove) {
            int from = c.mmu.plainIndex(esi);
            if (to > from && to < from + o.size) {
                return false; // an element is overwritten in part before it is read: not what a copy of bytes does
            }
            copy(ram, from, to, bytes);
            c.r[Cpu.ESI] += bytes;
        } else {
            fill(ram, to, bytes, c.r[Cpu.EAX], o.size);
        }
        c.r[Cpu.EDI] += bytes;
        c.r[Cpu.ECX] -= count - 1;
        c.stops.repeats += count - 1;
        return true;
    }

    /** Forwards: an overlapping destination repeats the source, as the instruction does. */
    private static void copy(byte[] ram, int from, int to, int bytes) {
        if (to <= from || to >= from + bytes) {
            System.arraycopy(ram, from, ram, to, bytes);
            return;
        }
        for (int i = 0; i < bytes; i++) {
            ram[to + i] = ram[from + i];
        }
    }

    private static void fill(byte[] ram, int to, int bytes, int value, int size) {
        for (int i = 0; i < bytes; i++) {
            ram[to + i] = (byte) (value >>> (8 * (i & (size - 1))));
        }
    }

    static void lods(Cpu c, Operation o) {
        repeat(c, o, (cpu, op) -> {
            cpu.setReg(Cpu.EAX, op.size, cpu.mmu.read(source(cpu, op), op.size));
            advance(cpu, op, Cpu.ESI);
        });
    }

    static void cmps(Cpu c, Operation o) {
        repeatCompare(c, o, (cpu, op) -> {
            int a = cpu.mmu.read(source(cpu, op), op.size);
            int b = cpu.mmu.read(destination(cpu, op, false), op.size);
            advance(cpu, op, Cpu.ESI);
            advance(cpu, op, Cpu.EDI);
            cpu.setStatus(Alu.subFlags(a, b, a - b, op.shift()));
        });
    }

    static void scas(Cpu c, Operation o) {
        repeatCompare(c, o, (cpu, op) -> {
            int a = cpu.reg(Cpu.EAX, op.size);
            int b = cpu.mmu.read(destination(cpu, op, false), op.size);
            advance(cpu, op, Cpu.EDI);
            cpu.setStatus(Alu.subFlags(a, b, a - b, op.shift()));
        });
    }

    static void ins(Cpu c, Operation o) {
        int port = c.reg(Cpu.EDX, 2);
        TaskState.checkIo(c, port, o.size);
        repeat(c, o, (cpu, op) -> {
            int at = destination(cpu, op, true);
            cpu.mmu.probeWrite(at, op.size);
            cpu.mmu.write(at, op.size, SystemOps.readPort(cpu, port, op.size));
            advance(cpu, op, Cpu.EDI);
        });
    }

    static void outs(Cpu c, Operation o) {
        int port = c.reg(Cpu.EDX, 2);
        TaskState.checkIo(c, port, o.size);
        repeat(c, o, (cpu, op) -> {
            int value = cpu.mmu.read(source(cpu, op), op.size);
            SystemOps.writePort(cpu, port, op.size, value);
            advance(cpu, op, Cpu.ESI);
        });
    }
}
