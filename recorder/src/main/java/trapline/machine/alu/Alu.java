package trapline.machine.alu;

import static trapline.machine.alu.Flags.AF;
import static trapline.machine.alu.Flags.CF;
import static trapline.machine.alu.Flags.OF;
import static trapline.machine.alu.Flags.PF;
import static trapline.machine.alu.Flags.SF;
import static trapline.machine.alu.Flags.ZF;

/**
 * Status flags of addition, subtraction and logic, as pure functions on ints. Shifts are in {@link Shifts}, the rest in
 * {@link Multiply} and {@link Decimal}; flags are computed nowhere else.
 *
 * <p>{@code sh} selects the operand size: 0 for 32 bits, 16 for 16 bits, 24 for 8 bits. Bits above the operand size may
 * hold anything. AF after logic is 0, as on hardware (Intel SDM: undefined).
 */
public final class Alu {
    /** Numbers of the operations, as in opcodes and ModRM.reg. */
    public static final int ADD = 0;

    /** See {@link #ADD}. */
    public static final int OR = 1;

    /** See {@link #ADD}. */
    public static final int ADC = 2;

    /** See {@link #ADD}. */
    public static final int SBB = 3;

    /** See {@link #ADD}. */
    public static final int AND = 4;

    /** See {@link #ADD}. */
    public static final int SUB = 5;

    /** See {@link #ADD}. */
    public static final int XOR = 6;

    /** See {@link #ADD}. */
    public static final int CMP = 7;

    private static final byte[] PARITY = new byte[256];

    static {
        for (int i = 0; i < 256; i++) {
            PARITY[i] = (byte) ((Integer.bitCount(i) & 1) == 0 ? PF : 0);
        }
    }

    private Alu() {}

    /** The shift that brings an operand of 1, 2 or 4 bytes to the top of an int. */
    public static int shiftOf(int size) {
        return 32 - 8 * size;
    }

    /** PF, ZF and SF of a result. */
    public static int szp(int result, int sh) {
        int top = result << sh;
        return PARITY[result & 0xff] | (top == 0 ? ZF : 0) | ((top >>> 24) & SF);
    }

    /** Flags of {@code a + b (+ carry) = result}. */
    public static int addFlags(int a, int b, int result, int sh) {
        return carries((a & b) | ((a | b) & ~result), sh) | szp(result, sh);
    }

    /** Flags of {@code a - b (- borrow) = result}. */
    public static int subFlags(int a, int b, int result, int sh) {
        return carries((~a & b) | ((~a | b) & result), sh) | szp(result, sh);
    }

    /** Flags of AND, OR, XOR, TEST: CF, OF and AF are 0. */
    public static int logicFlags(int result, int sh) {
        return szp(result, sh);
    }

    /** CF, AF and OF from the vector of carries (or borrows) out of each bit. */
    private static int carries(int carry, int sh) {
        int top = carry << sh;
        return (top >>> 31) | ((carry << 1) & AF) | (((top ^ (top << 1)) >>> 20) & OF);
    }

    /** Result of the two-operand operation {@code op}; for CMP the difference. */
    public static int result(int op, int a, int b, int eflags) {
        return switch (op) {
            case ADD -> a + b;
            case OR -> a | b;
            case ADC -> a + b + (eflags & CF);
            case SBB -> a - b - (eflags & CF);
            case AND -> a & b;
            case XOR -> a ^ b;
            default -> a - b;
        };
    }

    /** Status flags of the two-operand operation {@code op} that gave {@code result}. */
    public static int flags(int op, int a, int b, int result, int sh) {
        return switch (op) {
            case ADD, ADC -> addFlags(a, b, result, sh);
            case SBB, SUB, CMP -> subFlags(a, b, result, sh);
            default -> logicFlags(result, sh);
        };
    }

    /** Flags of INC giving {@code result}: all but CF. */
    public static int incFlags(int result, int sh) {
        int top = result << sh;
        return szp(result, sh) | ((result & 0xf) == 0 ? AF : 0) | (top == 0x8000_0000 ? OF : 0);
    }

    /** Flags of DEC giving {@code result}: all but CF. */
    public static int decFlags(int result, int sh) {
        int top = (result + 1) << sh;
        return szp(result, sh) | ((result & 0xf) == 0xf ? AF : 0) | (top == 0x8000_0000 ? OF : 0);
    }
}
