package trapline.machine.i386;

import trapline.machine.alu.Alu;
import trapline.machine.alu.Flags;

/** Integer arithmetic in all sizes: the general forms, INC, DEC, NEG, NOT, MUL, DIV and BCD (Intel SDM vol. 2). */
final class Arithmetic {
    private Arithmetic() {}

    /** {@code E,G}: ModRM operand first. */
    static Row.Factory rmReg(int op) {
        return d -> {
            if (d.size == 4 && d.isRegister) {
                return AluRegReg.create(op, d, d.rm, d.reg);
            }
            if (d.size == 4) {
                return AluMemory.fromRegister(op, d);
            }
            return new Operation(d, (c, o) -> update(c, o, op, o.register(c)));
        };
    }

    /** {@code G,E}: register first. */
    static Row.Factory regRm(int op) {
        return d -> {
            if (d.size == 4 && d.isRegister) {
                return AluRegReg.create(op, d, d.reg, d.rm);
            }
            if (d.size == 4) {
                return AluMemory.toRegister(op, d);
            }
            return new Operation(d, (c, o) -> {
                int b = o.read(c);
                int a = o.register(c);
                int v = Alu.result(op, a, b, c.eflags);
                if (op != Alu.CMP) {
                    o.setRegister(c, v);
                }
                c.setStatus(Alu.flags(op, a, b, v, o.shift()));
            });
        };
    }

    /** {@code E,I}. */
    static Row.Factory rmImmediate(int op) {
        return d -> {
            if (d.size == 4 && d.isRegister) {
                return AluRegImm.create(op, d, d.rm, d.immediate);
            }
            if (d.size == 4) {
                return AluMemory.fromImmediate(op, d);
            }
            return new Operation(d, (c, o) -> update(c, o, op, o.immediate));
        };
    }

    /** {@code AL,I} and {@code eAX,I}. */
    static Row.Factory accumulator(int op) {
        return d -> {
            d.isRegister = true;
            return rmImmediate(op).create(d);
        };
    }

    private static void update(Cpu c, Operation o, int op, int b) {
        int a = op == Alu.CMP ? o.read(c) : o.readForWrite(c);
        int v = Alu.result(op, a, b, c.eflags);
        if (op != Alu.CMP) {
            o.write(c, v);
        }
        c.setStatus(Alu.flags(op, a, b, v, o.shift()));
    }

    static Instruction testRmReg(Decoded d) {
        if (d.size == 4 && d.isRegister) {
            return AluRegReg.create(AluRegReg.TEST, d, d.rm, d.reg);
        }
        return new Operation(d, (c, o) -> c.setStatus(Alu.logicFlags(o.read(c) & o.register(c), o.shift())));
    }

    static Instruction testRmImmediate(Decoded d) {
        if (d.size == 4 && d.isRegister) {
            return AluRegImm.create(AluRegImm.TEST, d, d.rm, d.immediate);
        }
        return new Operation(d, (c, o) -> c.setStatus(Alu.logicFlags(o.read(c) & o.immediate, o.shift())));
    }

    static Instruction testAccumulator(Decoded d) {
        d.isRegister = true;
        return testRmImmediate(d);
    }

    /** Opcodes 40–47. */
    static Instruction incRegister(Decoded d) {
        return d.size == 4
                ? new IncDec(d, d.reg, 1)
                : new Operation(d, (c, o) -> {
                    int v = o.register(c) + 1;
                    o.setRegister(c, v);
                    keepCarry(c, Alu.incFlags(v, o.shift()));
                });
    }

    /** Opcodes 48–4f. */
    static Instruction decRegister(Decoded d) {
        return d.size == 4
                ? new IncDec(d, d.reg, -1)
                : new Operation(d, (c, o) -> {
                    int v = o.register(c) - 1;
                    o.setRegister(c, v);
                    keepCarry(c, Alu.decFlags(v, o.shift()));
                });
    }

    private static final class IncDec extends Instruction {
        private final int register;
        private final int step;

        IncDec(Decoded d, int register, int step) {
            super(d);
            this.register = register;
            this.step = step;
        }

        @Override
        void execute(Cpu c) {
            int v = c.r[register] + step;
            c.r[register] = v;
            int flags = step == 1 ? Alu.incFlags(v, 0) : Alu.decFlags(v, 0);
            c.eflags = (c.eflags & ~(Flags.STATUS & ~Flags.CF)) | flags;
        }
    }

    private static void keepCarry(Cpu c, int flags) {
        c.eflags = (c.eflags & ~(Flags.STATUS & ~Flags.CF)) | flags;
    }

    static void inc(Cpu c, Operation o) {
        int v = o.readForWrite(c) + 1;
        o.write(c, v);
        keepCarry(c, Alu.incFlags(v, o.shift()));
    }

    static void dec(Cpu c, Operation o) {
        int v = o.readForWrite(c) - 1;
        o.write(c, v);
        keepCarry(c, Alu.decFlags(v, o.shift()));
    }

    static void not(Cpu c, Operation o) {
        o.write(c, ~o.readForWrite(c));
    }

    static void neg(Cpu c, Operation o) {
        int b = o.readForWrite(c);
        o.write(c, -b);
        c.setStatus(Alu.subFlags(0, b, -b, o.shift()));
    }

    static void cmpxchg(Cpu c, Operation o) {
        int a = c.reg(Cpu.EAX, o.size);
        int b = o.readForWrite(c);
        if (((a ^ b) << o.shift()) == 0) {
            o.write(c, o.register(c));
        } else {
            // hardware writes the operand back, so a read-only page faults either way
            o.write(c, b);
            c.setReg(Cpu.EAX, o.size, b);
        }
        c.setStatus(Alu.subFlags(a, b, a - b, o.shift()));
    }

    static void cmpxchg8b(Cpu c, Operation o) {
        int at = o.address(c, 8, true);
        c.mmu.probeWrite(at, 4);
        c.mmu.probeWrite(at + 4, 4);
        int low = c.mmu.read32(at);
        int high = c.mmu.read32(at + 4);
        boolean equal = low == c.r[Cpu.EAX] && high == c.r[Cpu.EDX];
        c.mmu.write32(at, equal ? c.r[Cpu.EBX] : low);
        c.mmu.write32(at + 4, equal ? c.r[Cpu.ECX] : high);
        if (equal) {
            c.eflags |= Flags.ZF;
        } else {
            c.eflags &= ~Flags.ZF;
            c.r[Cpu.EAX] = low;
            c.r[Cpu.EDX] = high;
        }
    }

    static void xadd(Cpu c, Operation o) {
        int a = o.readForWrite(c);
        int b = o.register(c);
        int v = a + b;
        if (o.rm >= 0) {
            o.setRegister(c, a);
            o.write(c, v);
        } else {
            o.write(c, v);
            o.setRegister(c, a);
        }
        c.setStatus(Alu.addFlags(a, b, v, o.shift()));
    }
}
