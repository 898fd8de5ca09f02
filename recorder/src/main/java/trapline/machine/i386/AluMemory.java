package trapline.machine.i386;

import trapline.machine.alu.Alu;

/** The 32-bit arithmetic with a memory operand: register ← memory, memory ← register or immediate. */
final class AluMemory {
    private AluMemory() {}

    static Instruction toRegister(int op, Decoded d) {
        return new ToRegister(d, op);
    }

    static Instruction fromRegister(int op, Decoded d) {
        return op == Alu.CMP ? new Compare(d, d.reg, 0) : new ToMemory(d, op, d.reg, 0);
    }

    static Instruction fromImmediate(int op, Decoded d) {
        return op == Alu.CMP
                ? new Compare(d, Decoded.NO_REGISTER, d.immediate)
                : new ToMemory(d, op, Decoded.NO_REGISTER, d.immediate);
    }

    private static final class ToRegister extends MemoryInstruction {
        private final int op;
        private final int register;

        ToRegister(Decoded d, int op) {
            super(d);
            this.op = op;
            this.register = d.reg;
        }

        @Override
        void execute(Cpu c) {
            int b = load32(c);
            int a = c.r[register];
            int v = Alu.result(op, a, b, c.eflags);
            if (op != Alu.CMP) {
                c.r[register] = v;
            }
            c.setStatus(Alu.flags(op, a, b, v, 0));
        }
    }

    /** The source is a register plus a constant, one of which is 0. */
    private static final class ToMemory extends MemoryInstruction {
        private final int op;
        private final int register;
        private final int immediate;

        ToMemory(Decoded d, int op, int register, int immediate) {
            super(d);
            this.op = op;
            this.register = register;
            this.immediate = immediate;
        }

        @Override
        void execute(Cpu c) {
            int at = address(c, 4, true);
            int a = c.mmu.readForWrite32(at);
            int b = c.r[register] + immediate;
            int v = Alu.result(op, a, b, c.eflags);
            c.mmu.write32(at, v);
            c.setStatus(Alu.flags(op, a, b, v, 0));
        }
    }

    private static final class Compare extends MemoryInstruction {
        private final int register;
        private final int immediate;

        Compare(Decoded d, int register, int immediate) {
            super(d);
            this.register = register;
            this.immediate = immediate;
        }

        @Override
        void execute(Cpu c) {
            int a = load32(c);
            int b = c.r[register] + immediate;
            c.setStatus(Alu.subFlags(a, b, a - b, 0));
        }
    }
}
