package trapline.machine.x87;

import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;
import trapline.machine.bus.Stateful;

/**
 * The x87 unit: eight registers used as a stack, control, status and tag words, and the operations on them. An operation whose
 * exception is not masked leaves it pending in the status word (ES); the CPU raises #MF before the next that waits.
 */
public final class X87 implements Stateful {
    private static final int STACK_FAULT = 0x40;
    private static final int PENDING = 0x80;
    private static final int BUSY = 0x8000;
    private static final int C0 = 0x100;
    private static final int C1 = 0x200;
    private static final int C2 = 0x400;
    private static final int C3 = 0x4000;
    private static final int CONDITIONS = C0 | C1 | C2 | C3;
    private static final int TOP_SHIFT = 11;
    private static final int CONTROL_INIT = 0x37f;
    private static final int CONTROL_BITS = 0x1f7f;

    /** Sign-exponent and significand of 1, log2(10), log2(e), pi, log10(2), ln(2), 0; and whether cut off rather than raised. */
    private static final long[][] CONSTANTS = {
        {0x3fff, 0x8000_0000_0000_0000L, 0},
        {0x4000, 0xd49a_784b_cd1b_8afeL, 1},
        {0x3fff, 0xb8aa_3b29_5c17_f0bcL, -1},
        {0x4000, 0xc90f_daa2_2168_c235L, -1},
        {0x3ffd, 0x9a20_9a84_fbcf_f799L, -1},
        {0x3ffe, 0xb172_17f7_d1cf_79acL, -1},
        {0, 0, 0}
    };

    private final Arithmetic80 unit = new Arithmetic80();
    private final Formats formats = new Formats(unit);
    private final int[] signExponent = new int[8];
    private final long[] significand = new long[8];
    /** A bit for each register, by number: it is in use. */
    private int used;

    private int top;
    private int control = CONTROL_INIT;
    private int status;
    /** Of the last instruction that was no control instruction: opcode, EIP and CS, address and segment of its operand. */
    private final int[] last = new int[5];

    /** What a memory operand holds. */
    public enum Format {
        /** 32 bits. */
        FLOAT(4),
        /** 64 bits. */
        DOUBLE(8),
        /** 80 bits. */
        EXTENDED(10),
        /** Integer of 16 bits. */
        WORD(2),
        /** Integer of 32 bits. */
        DWORD(4),
        /** Integer of 64 bits. */
        QWORD(8),
        /** Packed decimal, 80 bits. */
        DECIMAL(10);

        private final int bytes;

        Format(int bytes) {
            this.bytes = bytes;
        }

        /** Its size. */
        public int bytes() {
            return bytes;
        }
    }

    // ---- control ----

    /** FNINIT: the state after reset. */
    public void init() {
        control = CONTROL_INIT;
        status = 0;
        top = 0;
        used = 0;
        java.util.Arrays.fill(last, 0);
    }

    /** Whether an exception is pending that is not masked. */
    public boolean isPending() {
        return (status & PENDING) != 0;
    }

    /** The control word. */
    public int control() {
        return control;
    }

    /** FLDCW. */
    public void setControl(int value) {
        control = (value & CONTROL_BITS) | 0x40;
        updatePending();
    }

    /** The status word. */
    public int status() {
        return status | (top << TOP_SHIFT);
    }

    private void setStatus(int value) {
        top = (value >>> TOP_SHIFT) & 7;
        status = value & (CONDITIONS | 0x7f);
        updatePending();
    }

    private void updatePending() {
        boolean pending = (status & ~control & 0x3f) != 0;
        status = pending ? status | PENDING | BUSY : status & ~(PENDING | BUSY);
    }

    /** FNCLEX. */
    public void clearExceptions() {
        status &= CONDITIONS;
    }

    /** The two-bit tags: valid, zero, special, empty. */
    public int tags() {
        int tags = 0;
        for (int i = 0; i < 8; i++) {
            tags |= tag(i) << (2 * i);
        }
        return tags;
    }

    private int tag(int register) {
        if (((used >>> register) & 1) == 0) {
            return 3;
        }
        int exponent = signExponent[register] & Real80.EXPONENT;
        if (exponent == 0 && significand[register] == 0) {
            return 1;
        }
        return exponent == 0 || exponent == Real80.EXPONENT || significand[register] >= 0 ? 2 : 0;
    }

    /** A bit for each register by number, as FXSAVE has it: it is in use. */
    public int used() {
        return used;
    }

    /** Takes over status and tags from memory; see {@link #used}. */
    public void setEnvironment(int newControl, int newStatus, int newUsed) {
        used = newUsed & 0xff;
        control = (newControl & CONTROL_BITS) | 0x40;
        setStatus(newStatus);
    }

    /** Tags of two bits each to {@link #used}. */
    public static int usedOfTags(int tags) {
        int result = 0;
        for (int i = 0; i < 8; i++) {
            result |= ((tags >>> (2 * i)) & 3) == 3 ? 0 : 1 << i;
        }
        return result;
    }

    /** Opcode, EIP, CS, operand address and operand segment of the last instruction that worked on numbers. */
    public int[] last() {
        return last;
    }

    // ---- registers ----

    private int at(int i) {
        return (top + i) & 7;
    }

    private boolean isEmpty(int i) {
        return ((used >>> at(i)) & 1) == 0;
    }

    /** Sign and exponent of ST(i). */
    public int signExponent(int i) {
        return signExponent[at(i)];
    }

    /** Significand of ST(i). */
    public long significand(int i) {
        return significand[at(i)];
    }

    /** Sets ST(i) without a look at its tag; for FRSTOR and tests. */
    public void setRegister(int i, int newSignExponent, long newSignificand) {
        signExponent[at(i)] = newSignExponent & 0xffff;
        significand[at(i)] = newSignificand;
    }

    private void put(int i, int se, long value) {
        setRegister(i, se, value);
        used |= 1 << at(i);
    }

    private void putResult(int i) {
        put(i, unit.signExponent, unit.significand);
    }

    /** Frees ST(0) and turns the stack. */
    public void pop() {
        free(0);
        top = (top + 1) & 7;
    }

    /** FFREE. */
    public void free(int i) {
        used &= ~(1 << at(i));
    }

    /** FINCSTP and FDECSTP. */
    public void turn(int by) {
        status &= ~C1;
        top = (top + by) & 7;
    }

    // ---- how an operation begins and ends ----

    private void begin() {
        unit.begin(control);
        status &= ~C1;
    }

    /** Notes the exceptions; whether the result is to be stored. */
    private boolean end(int preventing) {
        status |= unit.flags & 0x3f;
        if (unit.roundedUp) {
            status |= C1;
        }
        updatePending();
        return (unit.flags & preventing & ~control) == 0;
    }

    private boolean end() {
        return end(Arithmetic80.BEFORE);
    }

    /** A stack fault; whether it is masked, so that the indefinite value is the result. */
    private boolean stackFault(boolean overflow) {
        unit.invalid();
        status |= STACK_FAULT | (overflow ? C1 : 0);
        return end();
    }

    /** Whether a register that an instruction needs is empty; then the fault has been noted, and {@code dest} written if masked. */
    private boolean underflow(int i, int j, int dest, int pops) {
        if (!isEmpty(i) && !isEmpty(j)) {
            return false;
        }
        if (stackFault(false)) {
            if (dest >= 0) {
                putResult(dest);
            }
            popAll(pops);
        }
        return true;
    }

    private void popAll(int pops) {
        for (int i = 0; i < pops; i++) {
            pop();
        }
    }

    private void push(int se, long value) {
        top = (top - 1) & 7;
        put(0, se, value);
    }

    /** Makes room for a push; false if there is none, and then the fault has been dealt with. */
    private boolean hasRoom() {
        if (!isEmpty(-1)) {
            if (stackFault(true)) {
                push(unit.signExponent, unit.significand);
            }
            return false;
        }
        return true;
    }

    // ---- moves ----

    private void convert(Format format, long low, int high) {
        switch (format) {
            case FLOAT -> formats.ofFloat((int) low);
            case DOUBLE -> formats.ofDouble(low);
            case EXTENDED -> unit.set(high, low);
            case WORD -> formats.ofInteger((short) low);
            case DWORD -> formats.ofInteger((long) (int) low);
            case QWORD -> formats.ofInteger(low);
            default -> formats.ofDecimal(low, high);
        }
    }

    /**
     * FLD, FILD, FBLD.
     *
     * @param low the lowest eight bytes of the operand
     * @param high the next two
     */
    public void load(Format format, long low, int high) {
        begin();
        if (!hasRoom()) {
            return;
        }
        convert(format, low, high);
        boolean extended = format == Format.EXTENDED;
        if (!extended && Real80.isSignallingNan(unit.signExponent, unit.significand)) {
            unit.flags |= Rounder.INVALID;
            unit.significand |= Real80.QUIET_BIT;
        }
        int se = unit.signExponent;
        long value = unit.significand;
        if (end()) {
            push(se, value);
        }
    }

    /** FLD ST(i). */
    public void loadRegister(int i) {
        begin();
        if (isEmpty(i)) {
            if (stackFault(false)) {
                push(unit.signExponent, unit.significand);
            }
            return;
        }
        if (hasRoom()) {
            push(signExponent(i), significand(i));
        }
    }

    /** FLD1 and its like, by the low bits of the opcode. */
    public void loadConstant(int which) {
        begin();
        if (!hasRoom()) {
            return;
        }
        long[] constant = CONSTANTS[which];
        int direction = (control >>> 10) & 3;
        boolean lower = constant[2] < 0 && (direction == Rounder.DOWN || direction == 3);
        boolean higher = constant[2] > 0 && direction == Rounder.UP;
        push((int) constant[0], constant[1] - (lower ? 1 : 0) + (higher ? 1 : 0));
    }

    /** The two values of the last {@link #store}: its lowest eight bytes. */
    public long storedLow;

    /** See {@link #storedLow}: the next two bytes. */
    public int storedHigh;

    /**
     * FST, FIST, FBSTP: computes what to store; the two values are left in {@link #storedLow} and {@link #storedHigh}.
     *
     * @return false if nothing is to be stored
     */
    public boolean store(Format format) {
        begin();
        int se;
        long value;
        if (isEmpty(0)) {
            if (!stackFault(false)) {
                return false;
            }
            se = Real80.INDEFINITE;
            value = Real80.INDEFINITE_SIGNIFICAND;
        } else {
            se = signExponent(0);
            value = significand(0);
        }
        boolean faulted = unit.flags != 0;
        unit.flags = 0;
        convertBack(format, se, value);
        if (faulted) {
            unit.flags = 0;
        }
        return end(Arithmetic80.BEFORE | Rounder.OVERFLOW | Rounder.UNDERFLOW);
    }

    private void convertBack(Format format, int se, long value) {
        storedHigh = 0;
        switch (format) {
            case FLOAT -> {
                noteDenormal(se, value);
                storedLow = formats.toFloat(se, value);
            }
            case DOUBLE -> {
                noteDenormal(se, value);
                storedLow = formats.toDouble(se, value);
            }
            case EXTENDED -> {
                storedLow = value;
                storedHigh = se;
            }
            case WORD -> storedLow = formats.toInteger(se, value, 16);
            case DWORD -> storedLow = formats.toInteger(se, value, 32);
            case QWORD -> storedLow = formats.toInteger(se, value, 64);
            default -> {
                storedLow = formats.toDecimal(se, value);
                storedHigh = formats.decimalHigh;
            }
        }
    }

    private void noteDenormal(int se, long value) {
        if (Real80.isDenormal(se, value)) {
            unit.flags |= Rounder.DENORMAL;
        }
    }

    /** FST ST(i). */
    public void storeRegister(int i, boolean pops) {
        begin();
        if (!underflow(0, 0, i, pops ? 1 : 0)) {
            put(i, signExponent(0), significand(0));
            popAll(pops ? 1 : 0);
        }
    }

    /** FXCH: empty registers are filled with the indefinite value first, if the fault is masked. */
    public void exchange(int i) {
        begin();
        if ((isEmpty(0) || isEmpty(i)) && !fillBoth(i)) {
            return;
        }
        int se = signExponent(0);
        long value = significand(0);
        put(0, signExponent(i), significand(i));
        put(i, se, value);
    }

    private boolean fillBoth(int i) {
        if (!stackFault(false)) {
            return false;
        }
        if (isEmpty(0)) {
            putResult(0);
        }
        if (isEmpty(i)) {
            putResult(i);
        }
        return true;
    }

    /** FCMOVcc. */
    public void moveIf(int i, boolean condition) {
        begin();
        if (!underflow(0, i, 0, 0) && condition) {
            put(0, signExponent(i), significand(i));
        }
    }

    // ---- arithmetic ----

    private void compute(int operation, int aSe, long a, int bSe, long b) {
        switch (operation) {
            case 0 -> unit.add(aSe, a, bSe, b);
            case 1 -> unit.multiply(aSe, a, bSe, b);
            case 4 -> unit.add(aSe, a, negated(bSe, b), b);
            case 5 -> unit.add(bSe, b, negated(aSe, a), a);
            case 6 -> unit.divide(aSe, a, bSe, b);
            default -> unit.divide(bSe, b, aSe, a);
        }
    }

    /** A NaN keeps its sign when it is subtracted. */
    private static int negated(int se, long value) {
        return Real80.isNan(se, value) ? se : se ^ Real80.SIGN;
    }

    /**
     * FADD, FMUL, FSUB(R), FDIV(R) of registers.
     *
     * @param operation ModRM.reg of d8: 0 add, 1 mul, 4 sub, 5 subr, 6 div, 7 divr
     * @param dest the register that is the first operand and takes the result
     * @param source the second operand
     */
    public void arithmetic(int operation, int dest, int source, boolean pops) {
        begin();
        if (underflow(dest, source, dest, pops ? 1 : 0)) {
            return;
        }
        compute(operation, signExponent(dest), significand(dest), signExponent(source), significand(source));
        if (end()) {
            putResult(dest);
            popAll(pops ? 1 : 0);
        }
    }

    /** As {@link #arithmetic}, of ST(0) and a memory operand. */
    public void arithmeticMemory(int operation, Format format, long low) {
        begin();
        if (underflow(0, 0, 0, 0)) {
            return;
        }
        convert(format, low, 0);
        compute(operation, signExponent(0), significand(0), unit.signExponent, unit.significand);
        if (end()) {
            putResult(0);
        }
    }

    private int compareWith(int se, long value, boolean quiet) {
        return unit.compare(signExponent(0), significand(0), se, value, quiet);
    }

    private boolean endCompare(int order, int pops) {
        if (!end()) {
            return false;
        }
        status &= ~(C0 | C2 | C3);
        status |= order == 2 ? C0 | C2 | C3 : order == 0 ? C3 : order < 0 ? C0 : 0;
        popAll(pops);
        return true;
    }

    /** FCOM, FUCOM with their popping forms. */
    public void compare(int i, boolean quiet, int pops) {
        begin();
        if (underflowInCompare(0, i, pops)) {
            return;
        }
        endCompare(compareWith(signExponent(i), significand(i), quiet), pops);
    }

    private boolean underflowInCompare(int i, int j, int pops) {
        if (!isEmpty(i) && !isEmpty(j)) {
            return false;
        }
        if (stackFault(false)) {
            status |= C0 | C2 | C3;
            popAll(pops);
        }
        return true;
    }

    /** FCOM and FICOM with a memory operand. */
    public void compareMemory(Format format, long low, int pops) {
        begin();
        if (underflowInCompare(0, 0, pops)) {
            return;
        }
        convert(format, low, 0);
        endCompare(compareWith(unit.signExponent, unit.significand, false), pops);
    }

    /**
     * FCOMI, FUCOMI.
     *
     * @return -1, 0, 1, 2 if unordered, or 3 if EFLAGS stay
     */
    public int compareFlags(int i, boolean quiet, int pops) {
        begin();
        if (isEmpty(0) || isEmpty(i)) {
            if (stackFault(false)) {
                popAll(pops);
                return 2;
            }
            return 3;
        }
        int order = compareWith(signExponent(i), significand(i), quiet);
        if (!end()) {
            return 3;
        }
        popAll(pops);
        return order;
    }

    /** FTST. */
    public void test() {
        begin();
        if (!underflowInCompare(0, 0, 0)) {
            endCompare(compareWith(0, 0, false), 0);
        }
    }

    /** FXAM. */
    public void examine() {
        int se = signExponent(0);
        long value = significand(0);
        status &= ~CONDITIONS;
        status |= (se & Real80.SIGN) != 0 ? C1 : 0;
        if (isEmpty(0)) {
            status |= C3 | C0;
        } else if (Real80.isZero(se, value)) {
            status |= C3;
        } else if (Real80.isDenormal(se, value)) {
            status |= C3 | C2;
        } else if (Real80.isInfinity(se, value)) {
            status |= C2 | C0;
        } else if (Real80.isNan(se, value)) {
            status |= C0;
        } else if (!Real80.isUnsupported(se, value)) {
            status |= C2;
        }
    }

    /** FCHS and FABS. */
    public void sign(boolean change) {
        begin();
        if (!underflow(0, 0, 0, 0)) {
            int se = signExponent(0);
            setRegister(0, change ? se ^ Real80.SIGN : se & ~Real80.SIGN, significand(0));
        }
    }

    /** FSQRT. */
    public void squareRoot() {
        begin();
        if (!underflow(0, 0, 0, 0)) {
            unit.squareRoot(signExponent(0), significand(0));
            endUnary();
        }
    }

    private void endUnary() {
        if (end()) {
            putResult(0);
        }
    }

    /** FRNDINT. */
    public void toIntegral() {
        begin();
        if (!underflow(0, 0, 0, 0)) {
            unit.toIntegral(signExponent(0), significand(0));
            endUnary();
        }
    }

    /** FSCALE. */
    public void scale() {
        begin();
        if (!underflow(0, 1, 0, 0)) {
            unit.scale(signExponent(0), significand(0), signExponent(1), significand(1));
            endUnary();
        }
    }

    /** FPREM and FPREM1. */
    public void remainder(boolean nearest) {
        begin();
        status &= ~C2;
        if (underflow(0, 1, 0, 0)) {
            return;
        }
        unit.remainder(signExponent(0), significand(0), signExponent(1), significand(1), nearest);
        if (!end()) {
            return;
        }
        putResult(0);
        status &= ~(C0 | C1 | C3);
        if (unit.partial) {
            status |= C2;
        } else {
            status |= (unit.quotient & 4) != 0 ? C0 : 0;
            status |= (unit.quotient & 2) != 0 ? C3 : 0;
            status |= (unit.quotient & 1) != 0 ? C1 : 0;
        }
    }

    /** FXTRACT: exponent into ST(0), significand pushed above it. */
    public void extract() {
        begin();
        if (underflow(0, 0, 0, 0)) {
            return;
        }
        if (!isEmpty(-1)) {
            if (stackFault(true)) {
                putResult(0);
                push(unit.signExponent, unit.significand);
            }
            return;
        }
        int se = signExponent(0);
        long value = significand(0);
        boolean special = unit.isSpecial(se, value);
        if (!special && value == 0) {
            unit.flags |= Rounder.ZERO_DIVIDE;
        }
        if (!end()) {
            return;
        }
        extractMasked(se, value, special);
    }

    private void extractMasked(int se, long value, boolean special) {
        int sign = se & Real80.SIGN;
        if (special) {
            putResult(0);
            push(unit.signExponent, unit.significand);
        } else if (value == 0) {
            put(0, Real80.SIGN | Real80.EXPONENT, Real80.INTEGER_BIT);
            push(sign, 0);
        } else if (Real80.isInfinity(se, value)) {
            put(0, Real80.EXPONENT, Real80.INTEGER_BIT);
            push(se, value);
        } else {
            formats.ofInteger(unit.exponentOf(se, value));
            putResult(0);
            push(sign | Real80.BIAS, unit.significandOf(se, value));
        }
    }

    @Override
    public void save(StateWriter out) {
        out.ints(signExponent).ints(last).ints(used, top, control, status);
        for (long value : significand) {
            out.i64(value);
        }
    }

    @Override
    public void load(StateReader in) {
        in.ints(signExponent);
        in.ints(last);
        int[] words = in.ints();
        used = words[0];
        top = words[1];
        control = words[2];
        status = words[3];
        for (int i = 0; i < significand.length; i++) {
            significand[i] = in.i64();
        }
    }
}
