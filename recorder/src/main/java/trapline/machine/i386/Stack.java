package trapline.machine.i386;

/** PUSH, POP, PUSHA, POPA, ENTER, LEAVE (Intel SDM vol. 2). */
final class Stack {
    private Stack() {}

    /** Opcodes 50–57. */
    static Instruction pushRegister(Decoded d) {
        return d.size == 4 && d.flat ? new Push(d) : new Operation(d, (c, o) -> c.push(o.register(c), o.size));
    }

    /** Opcodes 58–5f. */
    static Instruction popRegister(Decoded d) {
        return d.size == 4 && d.flat ? new Pop(d) : new Operation(d, (c, o) -> o.setRegister(c, c.pop(o.size)));
    }

    private static final class Push extends Instruction {
        private final int register;

        Push(Decoded d) {
            super(d);
            register = d.reg;
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int esp = r[Cpu.ESP] - 4;
            c.mmu.write32(esp, r[register]);
            r[Cpu.ESP] = esp;
        }
    }

    private static final class Pop extends Instruction {
        private final int register;

        Pop(Decoded d) {
            super(d);
            register = d.reg;
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int esp = r[Cpu.ESP];
            int value = c.mmu.read32(esp);
            r[Cpu.ESP] = esp + 4;
            r[register] = value;
        }
    }

    static void pushImmediate(Cpu c, Operation o) {
        c.push(o.immediate, o.size);
    }

    static void pushRm(Cpu c, Operation o) {
        c.push(o.read(c), o.size);
    }

    /** POP to memory: an address that uses ESP sees it after the increment. */
    static void popRm(Cpu c, Operation o) {
        int value = c.top(o.size);
        int esp = c.r[Cpu.ESP];
        c.drop(o.size);
        try {
            o.write(c, value);
        } catch (Fault fault) {
            c.r[Cpu.ESP] = esp;
            throw fault;
        }
    }

    static Operation.Action pushSegment(int segment) {
        return (c, o) -> c.push(c.seg.selector[segment], o.size);
    }

    static Operation.Action popSegment(int segment) {
        return (c, o) -> {
            int size = o.size;
            int selector = c.top(size) & 0xffff;
            boolean wasBig = c.seg.isStackBig();
            c.tables.loadSegment(segment, selector);
            c.r[Cpu.ESP] =
                    wasBig ? c.r[Cpu.ESP] + size : (c.r[Cpu.ESP] & 0xffff_0000) | ((c.r[Cpu.ESP] + size) & 0xffff);
            if (segment == Cpu.SS) {
                Moves.shadow(c);
            }
        };
    }

    /** Stores as it goes; the stack pointer moves at the end, if no store faulted. */
    static void pusha(Cpu c, Operation o) {
        for (int i = 0; i < 8; i++) {
            int at = c.stackLinear(-(i + 1) * o.size, o.size, true);
            c.mmu.write(at, o.size, c.reg(i, o.size));
        }
        c.drop(-8 * o.size);
    }

    /** Loads as it goes; the stack pointer moves at the end, if no load faulted. */
    static void popa(Cpu c, Operation o) {
        for (int i = 7; i >= 0; i--) {
            int value = c.peek((7 - i) * o.size, o.size);
            if (i != Cpu.ESP) {
                c.setReg(i, o.size, value);
            }
        }
        c.drop(8 * o.size);
    }

    static void enter(Cpu c, Operation o) {
        int size = o.size;
        int level = o.immediate2 & 31;
        int esp = c.r[Cpu.ESP];
        int ebp = c.r[Cpu.EBP];
        try {
            c.push(ebp, size);
            int frame = c.r[Cpu.ESP];
            for (int i = 1; i < level; i++) {
                c.push(c.mmu.read(frameLinear(c, ebp - i * size, size), size), size);
            }
            if (level > 0) {
                c.push(frame, size);
            }
            c.setStackPointer(c.stackPointer() - o.immediate);
            // hardware touches the new top of the stack
            c.mmu.probeWrite(c.stackLinear(0, size, true), size);
            c.setReg(Cpu.EBP, size, frame);
        } catch (Fault fault) {
            c.r[Cpu.ESP] = esp;
            throw fault;
        }
    }

    private static int frameLinear(Cpu c, int offset, int size) {
        return c.seg.linear(Cpu.SS, c.seg.isStackBig() ? offset : offset & 0xffff, size, false);
    }

    static void leave(Cpu c, Operation o) {
        int frame = c.seg.isStackBig() ? c.r[Cpu.EBP] : c.r[Cpu.EBP] & 0xffff;
        int value = c.mmu.read(c.seg.linear(Cpu.SS, frame, o.size, false), o.size);
        c.setStackPointer(frame + o.size);
        c.setReg(Cpu.EBP, o.size, value);
    }
}
