package trapline.machine.i386;

import trapline.machine.alu.Alu;
import trapline.machine.alu.Flags;

/** The 32-bit arithmetic of the form register, immediate: the most frequent instructions, one class each. */
final class AluRegImm {
    private AluRegImm() {}

    /** Operation number {@code op} of {@link Alu}, or {@link #TEST}. */
    static Instruction create(int op, Decoded d, int destination, int immediate) {
        return switch (op) {
            case Alu.ADD -> new Add(d, destination, immediate);
            case Alu.OR -> new Or(d, destination, immediate);
            case Alu.ADC -> new Adc(d, destination, immediate);
            case Alu.SBB -> new Sbb(d, destination, immediate);
            case Alu.AND -> new And(d, destination, immediate);
            case Alu.SUB -> new Sub(d, destination, immediate);
            case Alu.XOR -> new Xor(d, destination, immediate);
            case Alu.CMP -> new Cmp(d, destination, immediate);
            default -> new Test(d, destination, immediate);
        };
    }

    /** Not an operation of the ALU group, but of the same shape. */
    static final int TEST = 8;

    private abstract static class Form extends Instruction {
        final int destination;
        final int immediate;

        Form(Decoded d, int destination, int immediate) {
            super(d);
            this.destination = destination;
            this.immediate = immediate;
        }
    }

    private static final class Add extends Form {
        Add(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a + b;
            r[destination] = v;
            c.setStatus(Alu.addFlags(a, b, v, 0));
        }
    }

    private static final class Or extends Form {
        Or(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a | b;
            r[destination] = v;
            c.setStatus(Alu.logicFlags(v, 0));
        }
    }

    private static final class Adc extends Form {
        Adc(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a + b + (c.eflags & Flags.CF);
            r[destination] = v;
            c.setStatus(Alu.addFlags(a, b, v, 0));
        }
    }

    private static final class Sbb extends Form {
        Sbb(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a - b - (c.eflags & Flags.CF);
            r[destination] = v;
            c.setStatus(Alu.subFlags(a, b, v, 0));
        }
    }

    private static final class And extends Form {
        And(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a & b;
            r[destination] = v;
            c.setStatus(Alu.logicFlags(v, 0));
        }
    }

    private static final class Sub extends Form {
        Sub(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a - b;
            r[destination] = v;
            c.setStatus(Alu.subFlags(a, b, v, 0));
        }
    }

    private static final class Xor extends Form {
        Xor(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a ^ b;
            r[destination] = v;
            c.setStatus(Alu.logicFlags(v, 0));
        }
    }

    private static final class Cmp extends Form {
        Cmp(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a - b;
            c.setStatus(Alu.subFlags(a, b, v, 0));
        }
    }

    private static final class Test extends Form {
        Test(Decoded d, int destination, int immediate) {
            super(d, destination, immediate);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = immediate;
            int v = a & b;
            c.setStatus(Alu.logicFlags(v, 0));
        }
    }
}
