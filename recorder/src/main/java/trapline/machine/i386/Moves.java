package trapline.machine.i386;

import trapline.machine.alu.Condition;
import trapline.machine.alu.Flags;

/** Data movement: MOV in all its forms, LEA, XCHG, sign and zero extension, segment loads (Intel SDM vol. 2). */
final class Moves {
    private Moves() {}

    /** {@code MOV E,G}. */
    static Instruction rmReg(Decoded d) {
        if (d.size == 4) {
            return d.isRegister ? new RegReg(d, d.rm, d.reg) : new Store(d);
        }
        return new Operation(d, (c, o) -> o.write(c, o.register(c)));
    }

    /** {@code MOV G,E}. */
    static Instruction regRm(Decoded d) {
        if (d.size == 4) {
            return d.isRegister ? new RegReg(d, d.reg, d.rm) : new Load(d);
        }
        return new Operation(d, (c, o) -> o.setRegister(c, o.read(c)));
    }

    /** {@code MOV E,I}. */
    static Instruction rmImmediate(Decoded d) {
        if (d.size == 4) {
            return d.isRegister ? new RegImm(d, d.rm) : new StoreImm(d);
        }
        return new Operation(d, (c, o) -> o.write(c, o.immediate));
    }

    /** Opcodes b0–bf. */
    static Instruction regImmediate(Decoded d) {
        return d.size == 4 ? new RegImm(d, d.reg) : new Operation(d, (c, o) -> o.setRegister(c, o.immediate));
    }

    static Instruction lea(Decoded d) {
        return d.size == 4 && !d.narrow ? new Lea(d) : new Operation(d, (c, o) -> o.setRegister(c, o.offset(c)));
    }

    private static final class RegReg extends Instruction {
        private final int destination;
        private final int source;

        RegReg(Decoded d, int destination, int source) {
            super(d);
            this.destination = destination;
            this.source = source;
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            r[destination] = r[source];
        }
    }

    private static final class RegImm extends Instruction {
        private final int destination;
        private final int immediate;

        RegImm(Decoded d, int destination) {
            super(d);
            this.destination = destination;
            this.immediate = d.immediate;
        }

        @Override
        void execute(Cpu c) {
            c.r[destination] = immediate;
        }
    }

    private static final class Load extends MemoryInstruction {
        private final int destination;

        Load(Decoded d) {
            super(d);
            destination = d.reg;
        }

        @Override
        void execute(Cpu c) {
            c.r[destination] = load32(c);
        }
    }

    private static final class Store extends MemoryInstruction {
        private final int source;

        Store(Decoded d) {
            super(d);
            source = d.reg;
        }

        @Override
        void execute(Cpu c) {
            c.mmu.write32(address(c, 4, true), c.r[source]);
        }
    }

    private static final class StoreImm extends MemoryInstruction {
        private final int immediate;

        StoreImm(Decoded d) {
            super(d);
            immediate = d.immediate;
        }

        @Override
        void execute(Cpu c) {
            c.mmu.write32(address(c, 4, true), immediate);
        }
    }

    private static final class Lea extends MemoryInstruction {
        private final int destination;

        Lea(Decoded d) {
            super(d);
            destination = d.reg;
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            r[destination] = r[base] + (r[index2] << scale) + displacement;
        }
    }

    static void loadAccumulator(Cpu c, Operation o) {
        c.setReg(Cpu.EAX, o.size, c.mmu.read(o.address(c, o.size, false), o.size));
    }

    static void storeAccumulator(Cpu c, Operation o) {
        c.mmu.write(o.address(c, o.size, true), o.size, c.reg(Cpu.EAX, o.size));
    }

    static void xchg(Cpu c, Operation o) {
        int old = o.readForWrite(c);
        o.write(c, o.register(c));
        o.setRegister(c, old);
    }

    static void xchgAccumulator(Cpu c, Operation o) {
        int old = c.reg(Cpu.EAX, o.size);
        c.setReg(Cpu.EAX, o.size, o.register(c));
        o.setRegister(c, old);
    }

    static void movzxByte(Cpu c, Operation o) {
        o.setRegister(c, o.read(c, 1));
    }

    static void movzxWord(Cpu c, Operation o) {
        o.setRegister(c, o.read(c, 2));
    }

    static void movsxByte(Cpu c, Operation o) {
        o.setRegister(c, (byte) o.read(c, 1));
    }

    static void movsxWord(Cpu c, Operation o) {
        o.setRegister(c, (short) o.read(c, 2));
    }

    static void cbw(Cpu c, Operation o) {
        c.setReg(Cpu.EAX, o.size, o.size == 4 ? (short) c.r[Cpu.EAX] : (byte) c.r[Cpu.EAX]);
    }

    static void cwd(Cpu c, Operation o) {
        int sign = o.size == 4 ? c.r[Cpu.EAX] >> 31 : (short) c.r[Cpu.EAX] >> 15;
        c.setReg(Cpu.EDX, o.size, sign);
    }

    static void bswap(Cpu c, Operation o) {
        // with a 16-bit operand the manual leaves the result undefined; hardware clears the word
        o.setRegister(c, o.size == 4 ? Integer.reverseBytes(o.register(c)) : 0);
    }

    static void xlat(Cpu c, Operation o) {
        int offset = c.r[Cpu.EBX] + c.reg(Cpu.EAX, 1);
        int at = c.seg.linear(o.segment, o.narrow ? offset & 0xffff : offset, 1, false);
        c.setReg(Cpu.EAX, 1, c.mmu.read8(at));
    }

    static void cmov(Cpu c, Operation o) {
        int value = o.read(c);
        if (Condition.holds(o.opcode & 0xf, c.eflags)) {
            o.setRegister(c, value);
        }
    }

    static void setcc(Cpu c, Operation o) {
        o.write(c, 1, Condition.holds(o.opcode & 0xf, c.eflags) ? 1 : 0);
    }

    static void salc(Cpu c, Operation o) {
        c.setReg(Cpu.EAX, 1, -(c.eflags & Flags.CF));
    }

    // ---- segment registers ----

    static void fromSegment(Cpu c, Operation o) {
        int selector = readSelector(c, o);
        if (o.rm >= 0) {
            o.write(c, selector);
        } else {
            o.write(c, 2, selector);
        }
    }

    private static int readSelector(Cpu c, Operation o) {
        if (o.reg > Cpu.GS) {
            throw c.ud();
        }
        return c.seg.selector[o.reg];
    }

    static void toSegment(Cpu c, Operation o) {
        if (o.reg > Cpu.GS || o.reg == Cpu.CS) {
            throw c.ud();
        }
        c.tables.loadSegment(o.reg, o.read(c, 2));
        if (o.reg == Cpu.SS) {
            shadow(c);
        }
    }

    /**
     * After loading SS one instruction runs without interrupts, NMI or debug traps, so that ESP can follow (SDM vol. 3A
     * §6.8.3). The manual leaves open whether a second load in a row gets that grace; on hardware it does.
     */
    static void shadow(Cpu c) {
        c.shadow |= Cpu.SHADOW_SS;
        c.updateAttention();
    }

    /** LES, LDS, LSS, LFS, LGS. */
    static Operation.Action loadFar(int segment) {
        return (c, o) -> {
            int offset = o.readPart(c, 0, o.size);
            int selector = o.readPart(c, o.size, 2);
            c.tables.loadSegment(segment, selector);
            o.setRegister(c, offset);
        };
    }
}
