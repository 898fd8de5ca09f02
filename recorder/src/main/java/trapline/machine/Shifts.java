package trapline.machine;

import static trapline.machine.Flags.AF;
import static trapline.machine.Flags.CF;
import static trapline.machine.Flags.OF;

/**
 * Shifts and rotates as pure functions: operand, count and EFLAGS in, result (low half) and new EFLAGS (high half) out.
 *
 * <p>Counts are taken modulo 32; a count of 0 changes nothing. {@code size} is 1,
 * 2 or 4 bytes.
 */
final class Shifts {
    static final int ROL = 0;
    static final int ROR = 1;
    static final int RCL = 2;
    static final int RCR = 3;
    static final int SHL = 4;
    static final int SHR = 5;
    static final int SAL = 6;
    static final int SAR = 7;

    private Shifts() {}

    static long pack(int result, int eflags) {
        return (result & 0xffff_ffffL) | ((long) eflags << 32);
    }

    static int resultOf(long packed) {
        return (int) packed;
    }

    static int eflagsOf(long packed) {
        return (int) (packed >>> 32);
    }

    /** The operation of opcodes C0/C1/D0–D3 with ModRM.reg {@code op}. */
    static long shift(int op, int value, int count, int size, int eflags) {
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

    static int mask(int size) {
        return -1 >>> (32 - 8 * size);
    }

    private static int status(int eflags, int result, int size, int cf, int of) {
        return (eflags & ~Flags.STATUS) | Alu.szp(result, Alu.shiftOf(size)) | AF | cf | (of != 0 ? OF : 0);
    }

    static long shl(int value, int n, int size, int eflags) {
        int bits = 8 * size;
        long wide = (value & 0xffff_ffffL) << n;
        int result = (int) wide & mask(size);
        int cf = (int) (wide >>> bits) & 1;
        int of = (result >>> (bits - 1)) ^ cf;
        return pack(result, status(eflags, result, size, cf, of));
    }

    static long shr(int value, int n, int size, int eflags) {
        int unsigned = value & mask(size);
        int result = unsigned >>> n;
        int cf = (unsigned >>> (n - 1)) & 1;
        int sign = 8 * size - 1;
        int of = ((result << 1) ^ result) >>> sign & 1;
        return pack(result, status(eflags, result, size, cf, of));
    }

    static long sar(int value, int n, int size, int eflags) {
        int sh = Alu.shiftOf(size);
        int signed = (value << sh) >> sh;
        int result = (signed >> n) & mask(size);
        int cf = (signed >> (n - 1)) & 1;
        return pack(result, status(eflags, result, size, cf, 0));
    }

    static long rol(int value, int count, int size, int eflags) {
        int bits = 8 * size;
        int n = count & (bits - 1);
        int unsigned = value & mask(size);
        int result = n == 0 ? unsigned : ((unsigned << n) | (unsigned >>> (bits - n))) & mask(size);
        int cf = result & 1;
        int of = (result >>> (bits - 1)) ^ cf;
        return pack(result, rotated(eflags, cf, of));
    }

    /** EFLAGS after a 32-bit ROL by a count other than 0 that gave {@code result}. */
    static int rolFlags(int eflags, int result) {
        int cf = result & 1;
        return rotated(eflags, cf, (result >>> 31) ^ cf);
    }

    static long ror(int value, int count, int size, int eflags) {
        int bits = 8 * size;
        int n = count & (bits - 1);
        int unsigned = value & mask(size);
        int result = n == 0 ? unsigned : ((unsigned >>> n) | (unsigned << (bits - n))) & mask(size);
        int cf = (result >>> (bits - 1)) & 1;
        int of = cf ^ ((result >>> (bits - 2)) & 1);
        return pack(result, rotated(eflags, cf, of));
    }

    static long rcl(int value, int count, int size, int eflags) {
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

    static long rcr(int value, int count, int size, int eflags) {
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

    /** SHLD: {@code value} shifted left, filled from the top of {@code filler}. */
    static long shld(int value, int filler, int count, int size, int eflags) {
        int n = count & 31;
        if (n == 0) {
            return pack(value, eflags);
        }
        int bits = 8 * size;
        long wide = joined(value, filler, size);
        if (size == 2) {
            // counts above 16 are undefined; hardware goes on with the destination again
            wide = (wide << 16) | (value & 0xffffL);
            long shifted = wide << n;
            int result = (int) (shifted >>> 32) & 0xffff;
            int cf = (int) (shifted >>> 48) & 1;
            return pack(result, status(eflags, result, size, cf, ((result ^ value) >>> 15) & 1));
        }
        int result = (int) (wide >>> (bits - n));
        int cf = (value >>> (bits - n)) & 1;
        return pack(result, status(eflags, result, size, cf, (result ^ value) >>> 31));
    }

    /** SHRD: {@code value} shifted right, filled from the bottom of {@code filler}. */
    static long shrd(int value, int filler, int count, int size, int eflags) {
        int n = count & 31;
        if (n == 0) {
            return pack(value, eflags);
        }
        int bits = 8 * size;
        long wide = joined(filler, value, size);
        if (size == 2) {
            wide |= (value & 0xffffL) << 32;
        }
        int result = (int) (wide >>> n) & mask(size);
        int cf = (int) (wide >>> (n - 1)) & 1;
        int of = (result ^ (result << 1)) >>> (bits - 1) & 1;
        return pack(result, status(eflags, result, size, cf, of));
    }

    private static long joined(int high, int low, int size) {
        return ((high & mask(size) & 0xffff_ffffL) << (8 * size)) | (low & mask(size) & 0xffff_ffffL);
    }
}
