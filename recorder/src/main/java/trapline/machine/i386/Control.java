package trapline.machine.i386;

import trapline.machine.alu.Condition;
import trapline.machine.alu.Flags;
import trapline.machine.alu.Shifts;

/** Near and far control transfer, loops, software interrupts (Intel SDM vol. 2). */
final class Control {
    private Control() {}

    private static int target(Decoded d) {
        int target = d.next + d.immediate;
        return d.operandSize == 4 ? target : target & 0xffff;
    }

    static Instruction jcc(Decoded d) {
        return new Jcc(d, target(d));
    }

    private static final class Jcc extends Instruction {
        private final int target;
        private final int bits;
        private final int signed;
        private final boolean wanted;

        Jcc(Decoded d, int target) {
            super(d);
            this.target = target;
            bits = Condition.bits(d.opcode & 0xf);
            signed = Condition.signed(d.opcode & 0xf);
            wanted = (d.opcode & 1) == 0;
        }

        @Override
        void execute(Cpu c) {
            if (Condition.any(c.eflags, bits, signed) == wanted) {
                go(c, target);
            }
        }
    }

    /** A jump out of the code segment faults at the jump. */
    private static void go(Cpu c, int target) {
        if (Integer.compareUnsigned(target, c.seg.limit[Cpu.CS]) > 0) {
            throw c.gp(0);
        }
        c.eip = target;
    }

    static Instruction jmp(Decoded d) {
        return new Jmp(d, target(d));
    }

    private static final class Jmp extends Instruction {
        private final int target;

        Jmp(Decoded d, int target) {
            super(d);
            this.target = target;
        }

        @Override
        void execute(Cpu c) {
            go(c, target);
        }
    }

    static Instruction call(Decoded d) {
        return d.operandSize == 4 && d.flat ? new Call(d, target(d)) : new Operation(d, Control::callWithSize);
    }

    private static final class Call extends Instruction {
        private final int target;

        Call(Decoded d, int target) {
            super(d);
            this.target = target;
        }

        @Override
        void execute(Cpu c) {
            if (Integer.compareUnsigned(target, c.seg.limit[Cpu.CS]) > 0) {
                throw c.gp(0);
            }
            int[] r = c.r;
            int esp = r[Cpu.ESP] - 4;
            c.mmu.write32(esp, next);
            r[Cpu.ESP] = esp;
            c.eip = target;
        }
    }

    private static void callWithSize(Cpu c, Operation o) {
        int target = o.next + o.immediate;
        callTo(c, o, o.size == 4 ? target : target & 0xffff);
    }

    private static void callTo(Cpu c, Operation o, int target) {
        if (Integer.compareUnsigned(target, c.seg.limit[Cpu.CS]) > 0) {
            throw c.gp(0);
        }
        c.push(o.next, o.size);
        c.eip = target;
    }

    static void callRm(Cpu c, Operation o) {
        callTo(c, o, o.read(c));
    }

    static void jmpRm(Cpu c, Operation o) {
        go(c, o.read(c));
    }

    static Instruction ret(Decoded d) {
        return d.operandSize == 4 && d.flat ? new Ret(d) : new Operation(d, Control::retWithSize);
    }

    private static final class Ret extends Instruction {
        private final int extra;

        Ret(Decoded d) {
            super(d);
            extra = d.immediate + 4;
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int esp = r[Cpu.ESP];
            int target = c.mmu.read32(esp);
            go(c, target);
            r[Cpu.ESP] = esp + extra;
        }
    }

    private static void retWithSize(Cpu c, Operation o) {
        go(c, c.top(o.size));
        c.drop(o.size + o.immediate);
    }

    static void callFar(Cpu c, Operation o) {
        FarTransfer.call(c, o.immediate2, o.immediate, o.size, o.eip, o.next);
    }

    static void jmpFar(Cpu c, Operation o) {
        FarTransfer.jump(c, o.immediate2, o.immediate, o.size, o.eip, o.next);
    }

    static void callFarMemory(Cpu c, Operation o) {
        int offset = o.readPart(c, 0, o.size);
        FarTransfer.call(c, o.readPart(c, o.size, 2), offset, o.size, o.eip, o.next);
    }

    static void jmpFarMemory(Cpu c, Operation o) {
        int offset = o.readPart(c, 0, o.size);
        FarTransfer.jump(c, o.readPart(c, o.size, 2), offset, o.size, o.eip, o.next);
    }

    static void retFar(Cpu c, Operation o) {
        FarTransfer.ret(c, o.size, o.immediate);
    }

    /** LOOP, LOOPE, LOOPNE (opcodes e0–e2) and JCXZ (e3); the count is CX or ECX by address size. */
    static void loop(Cpu c, Operation o) {
        int size = o.narrow ? 2 : 4;
        int count = c.reg(Cpu.ECX, size);
        boolean zero = (c.eflags & Flags.ZF) != 0;
        boolean taken;
        if (o.opcode == 0xe3) {
            taken = count == 0;
        } else {
            int left = (count - 1) & Shifts.mask(size);
            boolean condition = o.opcode == 0xe2 || zero == (o.opcode == 0xe1);
            taken = left != 0 && condition;
            count = left;
        }
        if (taken) {
            int target = o.next + o.immediate;
            go(c, o.size == 4 ? target : target & 0xffff);
        }
        c.setReg(Cpu.ECX, size, count);
    }

    static void int3(Cpu c, Operation o) {
        Traps.software(c, Fault.BP, Traps.SOFTWARE, o.eip, o.next);
    }

    static void intN(Cpu c, Operation o) {
        FlagOps.requireIopl3InVirtual8086(c);
        Traps.software(c, o.immediate, Traps.SOFTWARE, o.eip, o.next);
    }

    static void into(Cpu c, Operation o) {
        if ((c.eflags & Flags.OF) != 0) {
            Traps.software(c, Fault.OF, Traps.SOFTWARE, o.eip, o.next);
        }
    }

    /** Opcode f1: #DB as a software interrupt that ignores the gate's DPL and sets nothing in DR6. */
    static void icebp(Cpu c, Operation o) {
        Traps.software(c, Fault.DB, Traps.ICEBP, o.eip, o.next);
    }

    static void iret(Cpu c, Operation o) {
        InterruptReturn.execute(c, o.size, o.eip, o.next);
    }

    static void bound(Cpu c, Operation o) {
        int sh = o.shift();
        int value = (o.register(c) << sh) >> sh;
        int lower = (o.readPart(c, 0, o.size) << sh) >> sh;
        int upper = (o.readPart(c, o.size, o.size) << sh) >> sh;
        if (value < lower || value > upper) {
            throw c.fault(Fault.BR, Fault.NO_CODE);
        }
    }

    /** The behaviour of what hardware answers with #UD. */
    static Operation.Action undefined() {
        return (c, o) -> {
            throw c.ud();
        };
    }
}
