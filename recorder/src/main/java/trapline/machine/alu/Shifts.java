package trapline.machine.alu;

import static trapline.machine.alu.Flags.AF;
import static trapline.machine.alu.Flags.CF;
import static trapline.machine.alu.Flags.OF;

/**
 * Shifts and rotates as pure functions: operand, count and EFLAGS in, result (low half) and new EFLAGS (high half) out.
 *
 * <p>Counts are taken modulo 32; a count of 0 changes nothing. {@code size} is 1,
 * 2 or 4 bytes.
 */
public final class Shifts {
    /** ModRM.reg of the operation. */
    public static final int ROL = 0;

    /** See {@link #ROL}. */
    public static final int ROR = 1;

    /** See {@link #ROL}. */
    public static final int RCL = 2;

    /** See {@link #ROL}. */
    public static final int RCR = 3;

    /** See {@link #ROL}. */
    public static final int SHL = 4;

    /** See {@link #ROL}. */
    public static final int SHR = 5;

    /** See {@link #ROL}. */
    public static final int SAL = 6;

    /** See {@link #ROL}. */
    public static final int SAR = 7;

    private Shifts() {}

    /** A result and EFLAGS in one long. */
    public static long pack(int result, int eflags) {
        return (result & 0xffff_ffffL) | ((long) eflags << 32);
    }

    /** The result in {@link #pack}. */
    public static int resultOf(long packed) {
        return (int) packed;
    }

    /** EFLAGS in {@link #pack}. */
    public static int eflagsOf(long packed) {
        return (int) (packed >>> 32);
    }

    /** The operation of opcodes C0/C1/D0–D3 with ModRM.reg {@code op}. */
    public static long shift(int op, int value, int count, int size, int eflags) {
        int n = count & 31;
        if (n == 0) {
            return pack(value, eflags);
        }
        return switch (op) {
            case ROL -> rol(value, n, size, eflags);
            case ROR -> ror(value, n, size, eflags);
            case RCL -> rcl(value, n, size, eflags);
            case RCR -> rcr(value, n, size, eflags);
            case SHR -> shr(value, n, size, eflags);
            case SAR -> sar(value, n, size, eflags);
            default -> shl(value, n, size, eflags);
        };
    }

    /** All ones in an operand of 1, 2 or 4 bytes. */
    public static int mask(int size) {
        return -1 >>> (32 - 8 * size);
    }

    private static int status(int eflags, int result, int size, int cf, int of) {
        return (eflags & ~Flags.STATUS) | Alu.szp(result, Alu.shiftOf(size)) | AF | cf | (of != 0 ? OF : 0);
    }

    /** SHL by 1 to 31, packed. */
    public static long shl(int value, int n, int size, int eflags) {
        int bits = 8 * size;
        long wide = (value & 0xffff_ffffL) << n;
        int result = (int) wide & mask(size);
        int cf = (int) (wide >>> bits) & 1;
        int of = (result >>> (bits - 1)) ^ cf;
        return pack(result, status(eflags, result, size, cf, of));
    }

    /** SHR by 1 to 31, packed. */
    public static long shr(int value, int n, int size, int eflags) {
        int unsigned = value & mask(size);
        int result = unsigned >>> n;
        int cf = (unsigned >>> (n - 1)) & 1;
        int sign = 8 * size - 1;
        int of = ((result << 1) ^ result) >>> sign & 1;
        return pack(result, status(eflags, result, size, cf, of));
    }

    /** SAR by 1 to 31, packed. */
    public static long sar(int value, int n, int size, int eflags) {
        int sh = Alu.shiftOf(size);
        int signed = (value << sh) >> sh;
        int result = (signed >> n) & mask(size);
        int cf = (signed >> (n - 1)) & 1;
        return pack(result, status(eflags, result, size, cf, 0));
    }

    /** ROL by 1 to 31, packed. */
    public static long rol(int value, int count, int size, int eflags) {
        int bits = 8 * size;
        int n = count & (bits - 1);
        int unsigned = value & mask(size);
        int result = n == 0 ? unsigned : ((unsigned << n) | (unsigned >>> (bits - n))) & mask(size);
        int cf = result & 1;
        int of = (result >>> (bits - 1)) ^ cf;
        return pack(result, rotated(eflags, cf, of));
    }

    /** EFLAGS after a 32-bit ROL by a count other than 0 that gave {@code result}. */
    public static int rolFlags(int eflags, int result) {
        int cf = result & 1;
        return rotated(eflags, cf, (result >>> 31) ^ cf);
    }

    /** ROR by 1 to 31, packed. */
    public static long ror(int value, int count, int size, int eflags) {
        int bits = 8 * size;
        int n = count & (bits - 1);
        int unsigned = value & mask(size);
        int result = n == 0 ? unsigned : ((unsigned >>> n) | (unsigned << (bits - n))) & mask(size);
        int cf = (result >>> (bits - 1)) & 1;
        int of = cf ^ ((result >>> (bits - 2)) & 1);
        return pack(result, rotated(eflags, cf, of));
    }

    /** RCL by 1 to 31, packed. */
    public static long rcl(int value, int count, int size, int eflags) {
        int bits = 8 * size;
        int n = count % (bits + 1);
        long wide = (value & mask(size) & 0xffff_ffffL) | ((long) (eflags & CF) << bits);
        long all = (1L << (bits + 1)) - 1;
        wide = ((wide << n) | (wide >>> (bits + 1 - n))) & all;
        int cf = (int) (wide >>> bits) & 1;
        int result = (int) wide & mask(size);
        int of = (result >>> (bits - 1)) ^ cf;
        return pack(result, rotated(eflags, cf, of));
    }

    /** RCR by 1 to 31, packed. */
    public static long rcr(int value, int count, int size, int eflags) {
        int bits = 8 * size;
        int n = count % (bits + 1);
        long wide = (value & mask(size) & 0xffff_ffffL) | ((long) (eflags & CF) << bits);
        long all = (1L << (bits + 1)) - 1;
        wide = ((wide >>> n) | (wide << (bits + 1 - n))) & all;
        int cf = (int) (wide >>> bits) & 1;
        int result = (int) wide & mask(size);
        int of = ((result >>> (bits - 1)) ^ (result >>> (bits - 2))) & 1;
        return pack(result, rotated(eflags, cf, of));
    }

    private static int rotated(int eflags, int cf, int of) {
        return (eflags & ~(CF | OF)) | cf | (of != 0 ? OF : 0);
    }

    /**
     * SHLD: {@code value} shifted left, filled from the top of {@code filler}. With 16 bits and a count above 16, undefined
     * by the manual, hardware fills with {@code filler} again.
     */
    public static long shld(int value, int filler, int count, int size, int eflags) {
        int n = count & 31;
        if (n == 0) {
            return pack(value, eflags);
        }
        if (size == 4) {
            int result = (value << n) | (filler >>> (32 - n));
            int cf = (value >>> (32 - n)) & 1;
            return pack(result, status(eflags, result, size, cf, (result >>> 31) ^ cf));
        }
        int low = filler & 0xffff;
        long wide = ((value & 0xffffL) << 32) | ((long) low << 16) | low;
        int result = (int) ((wide << n) >>> 32) & 0xffff;
        int cf = n > 16 ? 0 : (value >>> (16 - n)) & 1;
        int of = n < 16 ? (result >>> 15) ^ cf : cf;
        return pack(result, status(eflags, result, size, cf, of));
    }

    /** SHRD: {@code value} shifted right, filled from the bottom of {@code filler}; 16 bits as with SHLD. */
    public static long shrd(int value, int filler, int count, int size, int eflags) {
        int n = count & 31;
        if (n == 0) {
            return pack(value, eflags);
        }
        int bits = 8 * size;
        long fill = filler & mask(size) & 0xffff_ffffL;
        long wide = (fill << bits) | (value & mask(size) & 0xffff_ffffL) | (size == 2 ? fill << 32 : 0);
        int result = (int) (wide >>> n) & mask(size);
        int cf = n > bits ? 0 : (int) (wide >>> (n - 1)) & 1;
        int of = ((result ^ (result << 1)) >>> (bits - 1)) & 1;
        return pack(result, status(eflags, result, size, cf, of));
    }

    /** Status flags of BSF and BSR: ZF for a source of 0; PF the parity of the result, the others 0 (by the manual: undefined). */
    public static int scanned(int source, int result) {
        return source == 0 ? Flags.ZF | Flags.PF : Alu.szp(result, 0) & Flags.PF;
    }
}
