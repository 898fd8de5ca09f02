package trapline.machine.i386;

import trapline.machine.alu.Alu;
import trapline.machine.alu.Flags;

/** The 32-bit arithmetic of the form register, register: the most frequent instructions, one class each. */
final class AluRegReg {
    private AluRegReg() {}

    /** Operation number {@code op} of {@link Alu}, or {@link #TEST}. */
    static Instruction create(int op, Decoded d, int destination, int source) {
        return switch (op) {
            case Alu.ADD -> new Add(d, destination, source);
            case Alu.OR -> new Or(d, destination, source);
            case Alu.ADC -> new Adc(d, destination, source);
            case Alu.SBB -> new Sbb(d, destination, source);
            case Alu.AND -> new And(d, destination, source);
            case Alu.SUB -> new Sub(d, destination, source);
            case Alu.XOR -> new Xor(d, destination, source);
            case Alu.CMP -> new Cmp(d, destination, source);
            default -> new Test(d, destination, source);
        };
    }

    /** Not an operation of the ALU group, but of the same shape. */
    static final int TEST = 8;

    private abstract static class Form extends Instruction {
        final int destination;
        final int source;

        Form(Decoded d, int destination, int source) {
            super(d);
            this.destination = destination;
            this.source = source;
        }
    }

    private static final class Add extends Form {
        Add(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a + b;
            r[destination] = v;
            c.setStatus(Alu.addFlags(a, b, v, 0));
        }
    }

    private static final class Or extends Form {
        Or(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a | b;
            r[destination] = v;
            c.setStatus(Alu.logicFlags(v, 0));
        }
    }

    private static final class Adc extends Form {
        Adc(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a + b + (c.eflags & Flags.CF);
            r[destination] = v;
            c.setStatus(Alu.addFlags(a, b, v, 0));
        }
    }

    private static final class Sbb extends Form {
        Sbb(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a - b - (c.eflags & Flags.CF);
            r[destination] = v;
            c.setStatus(Alu.subFlags(a, b, v, 0));
        }
    }

    private static final class And extends Form {
        And(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a & b;
            r[destination] = v;
            c.setStatus(Alu.logicFlags(v, 0));
        }
    }

    private static final class Sub extends Form {
        Sub(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a - b;
            r[destination] = v;
            c.setStatus(Alu.subFlags(a, b, v, 0));
        }
    }

    private static final class Xor extends Form {
        Xor(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a ^ b;
            r[destination] = v;
            c.setStatus(Alu.logicFlags(v, 0));
        }
    }

    private static final class Cmp extends Form {
        Cmp(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a - b;
            c.setStatus(Alu.subFlags(a, b, v, 0));
        }
    }

    private static final class Test extends Form {
        Test(Decoded d, int destination, int source) {
            super(d, destination, source);
        }

        @Override
        void execute(Cpu c) {
            int[] r = c.r;
            int a = r[destination];
            int b = r[source];
            int v = a & b;
            c.setStatus(Alu.logicFlags(v, 0));
        }
    }
}
