package trapline.machine.i386;

import trapline.machine.alu.Flags;
import trapline.machine.alu.Shifts;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observer;

/** Shifts, rotates, double shifts, bit tests and scans (Intel SDM vol. 2). */
final class BitOps {
    private BitOps() {}

    /** Shift or rotate by an immediate: always writes flags unless the count is 0 modulo 32. */
    static Row.Factory shiftImmediate(int op) {
        return d -> {
            boolean hot = d.size == 4 && d.isRegister && (d.immediate & 31) != 0;
            return hot ? new ShiftRegister(d, op) : new Operation(d, (c, o) -> shift(c, o, op, o.immediate));
        };
    }

    static Operation.Action shiftByCl(int op) {
        return (c, o) -> shift(c, o, op, c.r[Cpu.ECX]);
    }

    private static void shift(Cpu c, Operation o, int op, int count) {
        int value = o.readForWrite(c);
        long packed = Shifts.shift(op, value, count, o.size, c.eflags);
        o.write(c, Shifts.resultOf(packed));
        setFlags(c, o, Shifts.eflagsOf(packed), (count & 31) != 0);
    }

    /** A count of 0 does not write EFLAGS; so these instructions report it themselves. */
    private static void setFlags(Cpu c, Operation o, int eflags, boolean written) {
        int old = c.eflags;
        c.eflags = eflags;
        Observer observer = c.observer;
        if (written && observer != null) {
            observer.eflagsWrite(c, o.eip, old, eflags, MachineListener.CAUSE_ALU);
        }
    }

    private static final class ShiftRegister extends Instruction {
        private final int op;
        private final int register;
        private final int count;

        ShiftRegister(Decoded d, int op) {
            super(d, true);
            this.op = op;
            this.register = d.rm;
            this.count = d.immediate & 31;
        }

        @Override
        void execute(Cpu c) {
            int value = c.r[register];
            if (op == Shifts.ROL) {
                value = Integer.rotateLeft(value, count);
                c.r[register] = value;
                c.eflags = Shifts.rolFlags(c.eflags, value);
            } else {
                long packed = Shifts.shift(op, value, count, 4, c.eflags);
                c.r[register] = Shifts.resultOf(packed);
                c.eflags = Shifts.eflagsOf(packed);
            }
        }
    }

    static void shldImmediate(Cpu c, Operation o) {
        shld(c, o, o.immediate);
    }

    static void shldByCl(Cpu c, Operation o) {
        shld(c, o, c.r[Cpu.ECX]);
    }

    static void shrdImmediate(Cpu c, Operation o) {
        shrd(c, o, o.immediate);
    }

    static void shrdByCl(Cpu c, Operation o) {
        shrd(c, o, c.r[Cpu.ECX]);
    }

    private static void shld(Cpu c, Operation o, int count) {
        long packed = Shifts.shld(o.readForWrite(c), o.register(c), count, o.size, c.eflags);
        o.write(c, Shifts.resultOf(packed));
        setFlags(c, o, Shifts.eflagsOf(packed), (count & 31) != 0);
    }

    private static void shrd(Cpu c, Operation o, int count) {
        long packed = Shifts.shrd(o.readForWrite(c), o.register(c), count, o.size, c.eflags);
        o.write(c, Shifts.resultOf(packed));
        setFlags(c, o, Shifts.eflagsOf(packed), (count & 31) != 0);
    }

    static final int BT = 0;
    static final int BTS = 1;
    static final int BTR = 2;
    static final int BTC = 3;

    /** Bit index in a register: of a memory operand it reaches any dword around the address. */
    static Operation.Action testRegister(int op) {
        return (c, o) -> {
            int bits = 8 * o.size;
            int bit = o.register(c);
            if (o.rm >= 0) {
                int value = c.reg(o.rm, o.size);
                c.setReg(o.rm, o.size, changed(c, op, value, bit & (bits - 1)));
                return;
            }
            int signed = o.size == 2 ? (short) bit : bit;
            int away = (signed >> (o.size == 2 ? 4 : 5)) * o.size;
            int offset = o.offset(c) + away;
            int at = c.seg.linear(o.segment, o.narrow ? offset & 0xffff : offset, o.size, op != BT);
            inMemory(c, op, at, o.size, bit & (bits - 1));
        };
    }

    static Operation.Action testImmediate(int op) {
        return (c, o) -> {
            int bit = o.immediate & (8 * o.size - 1);
            if (o.rm >= 0) {
                c.setReg(o.rm, o.size, changed(c, op, c.reg(o.rm, o.size), bit));
            } else {
                inMemory(c, op, o.address(c, o.size, op != BT), o.size, bit);
            }
        };
    }

    private static void inMemory(Cpu c, int op, int at, int size, int bit) {
        if (op == BT) {
            changed(c, op, c.mmu.read(at, size), bit);
        } else {
            int value = c.mmu.readForWrite(at, size);
            c.mmu.write(at, size, changed(c, op, value, bit));
        }
    }

    /** CF takes the bit; hardware leaves the other status flags alone. */
    private static int changed(Cpu c, int op, int value, int bit) {
        c.eflags = (c.eflags & ~Flags.CF) | ((value >>> bit) & 1);
        int mask = 1 << bit;
        return switch (op) {
            case BTS -> value | mask;
            case BTR -> value & ~mask;
            case BTC -> value ^ mask;
            default -> value;
        };
    }

    static void bsf(Cpu c, Operation o) {
        scan(c, o, true);
    }

    static void bsr(Cpu c, Operation o) {
        scan(c, o, false);
    }

    /**
     * With a source of 0 the destination stays; the manual says undefined, all hardware does this. The other flags follow
     * {@link Shifts#scanned}.
     */
    private static void scan(Cpu c, Operation o, boolean forward) {
        int value = o.read(c);
        int result = o.register(c);
        if (value != 0) {
            result = forward ? Integer.numberOfTrailingZeros(value) : 31 - Integer.numberOfLeadingZeros(value);
            o.setRegister(c, result);
        }
        c.setStatus(Shifts.scanned(value, result));
    }
}
