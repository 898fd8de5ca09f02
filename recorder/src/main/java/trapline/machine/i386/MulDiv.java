package trapline.machine.i386;

import trapline.machine.alu.Alu;
import trapline.machine.alu.Decimal;
import trapline.machine.alu.Multiply;
import trapline.machine.alu.Shifts;

/** MUL, IMUL, DIV, IDIV and the BCD adjustments (Intel SDM vol. 2). */
final class MulDiv {
    private MulDiv() {}

    private static long unsigned(int value) {
        return value & 0xffff_ffffL;
    }

    private static int signExtend(int value, int size) {
        int sh = 32 - 8 * size;
        return (value << sh) >> sh;
    }

    static void mul(Cpu c, Operation o) {
        long product = unsigned(o.read(c)) * unsigned(c.reg(Cpu.EAX, o.size));
        setProduct(c, o.size, product);
        c.eflags = Multiply.eflags(c.eflags, product >>> (8 * o.size) != 0);
    }

    static void imul(Cpu c, Operation o) {
        long a = signExtend(o.read(c), o.size);
        long b = signExtend(c.reg(Cpu.EAX, o.size), o.size);
        long product = a * b;
        setProduct(c, o.size, product);
        c.eflags = Multiply.eflags(c.eflags, product != signExtend((int) product, o.size));
    }

    private static void setProduct(Cpu c, int size, long product) {
        if (size == 1) {
            c.setReg(Cpu.EAX, 2, (int) product);
        } else {
            c.setReg(Cpu.EAX, size, (int) product);
            c.setReg(Cpu.EDX, size, (int) (product >>> (8 * size)));
        }
    }

    /** {@code IMUL G,E}. */
    static void imulTwo(Cpu c, Operation o) {
        multiplyInto(c, o, o.register(c));
    }

    /** {@code IMUL G,E,I}. */
    static void imulThree(Cpu c, Operation o) {
        multiplyInto(c, o, o.immediate);
    }

    private static void multiplyInto(Cpu c, Operation o, int factor) {
        long product = (long) signExtend(o.read(c), o.size) * signExtend(factor, o.size);
        o.setRegister(c, (int) product);
        c.eflags = Multiply.eflags(c.eflags, product != signExtend((int) product, o.size));
    }

    static void div(Cpu c, Operation o) {
        long divisor = unsigned(o.read(c));
        long dividend = dividend(c, o.size);
        if (divisor == 0) {
            throw c.fault(Fault.DE, Fault.NO_CODE);
        }
        long quotient = Long.divideUnsigned(dividend, divisor);
        if (Long.compareUnsigned(quotient, unsigned(Shifts.mask(o.size))) > 0) {
            throw c.fault(Fault.DE, Fault.NO_CODE);
        }
        setQuotient(c, o.size, quotient, Long.remainderUnsigned(dividend, divisor));
    }

    static void idiv(Cpu c, Operation o) {
        long divisor = signExtend(o.read(c), o.size);
        int unusedBits = 64 - 16 * o.size;
        long dividend = (dividend(c, o.size) << unusedBits) >> unusedBits;
        if (divisor == 0 || (divisor == -1 && dividend == Long.MIN_VALUE)) {
            throw c.fault(Fault.DE, Fault.NO_CODE);
        }
        long quotient = dividend / divisor;
        if (quotient != signExtend((int) quotient, o.size)) {
            throw c.fault(Fault.DE, Fault.NO_CODE);
        }
        setQuotient(c, o.size, quotient, dividend % divisor);
    }

    private static long dividend(Cpu c, int size) {
        if (size == 1) {
            return c.reg(Cpu.EAX, 2);
        }
        return (unsigned(c.reg(Cpu.EDX, size)) << (8 * size)) | unsigned(c.reg(Cpu.EAX, size));
    }

    private static void setQuotient(Cpu c, int size, long quotient, long remainder) {
        c.eflags = Multiply.eflagsOfDivision(c.eflags);
        if (size == 1) {
            c.setReg(Cpu.EAX, 2, ((int) remainder & 0xff) << 8 | ((int) quotient & 0xff));
        } else {
            c.setReg(Cpu.EAX, size, (int) quotient);
            c.setReg(Cpu.EDX, size, (int) remainder);
        }
    }

    private static void setDecimal(Cpu c, long packed) {
        c.setReg(Cpu.EAX, 2, Shifts.resultOf(packed));
        c.eflags = Shifts.eflagsOf(packed);
    }

    static void daa(Cpu c, Operation o) {
        setDecimal(c, Decimal.daa(c.reg(Cpu.EAX, 2), c.eflags));
    }

    static void das(Cpu c, Operation o) {
        setDecimal(c, Decimal.das(c.reg(Cpu.EAX, 2), c.eflags));
    }

    static void aaa(Cpu c, Operation o) {
        setDecimal(c, Decimal.aaa(c.reg(Cpu.EAX, 2), c.eflags));
    }

    static void aas(Cpu c, Operation o) {
        setDecimal(c, Decimal.aas(c.reg(Cpu.EAX, 2), c.eflags));
    }

    static void aam(Cpu c, Operation o) {
        if (o.immediate == 0) {
            throw c.fault(Fault.DE, Fault.NO_CODE);
        }
        int al = c.reg(Cpu.EAX, 1);
        int low = al % o.immediate;
        c.setReg(Cpu.EAX, 2, (al / o.immediate) << 8 | low);
        c.setStatus(Alu.logicFlags(low, 24));
    }

    /** AAD is an addition of 8 bits; the flags that the manual leaves undefined are that addition's. */
    static void aad(Cpu c, Operation o) {
        int al = c.reg(Cpu.EAX, 1);
        int scaled = c.reg(4, 1) * o.immediate;
        int sum = al + scaled;
        c.setReg(Cpu.EAX, 2, sum & 0xff);
        c.setStatus(Alu.addFlags(al, scaled, sum, 24));
    }
}
