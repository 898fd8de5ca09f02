package trapline.machine.x87;

import java.math.BigInteger;

/**
 * Arithmetic on 80-bit numbers. Operands are two values each, sign with exponent and significand; the result and the
 * exceptions are left in the fields of {@link Rounder}. If an exception that is not masked is among {@link #BEFORE}, there is
 * no result.
 */
final class Arithmetic80 extends Rounder {
    /** Exceptions that keep an operation from having a result if they are not masked. */
    static final int BEFORE = INVALID | DENORMAL | ZERO_DIVIDE;

    /** Quotient of the last {@link #remainder}: its lowest bits. */
    long quotient;
    /** Whether the last {@link #remainder} is not finished. */
    boolean partial;

    private boolean negative;
    private int exponent;
    private long bits;

    /** The operand's value: exponent biased for a significand with the integer bit set. */
    private void unpack(int signExponent, long significand) {
        negative = (signExponent & Real80.SIGN) != 0;
        int shift = Long.numberOfLeadingZeros(significand);
        exponent = Math.max(1, signExponent & Real80.EXPONENT) - (significand == 0 ? 0 : shift);
        bits = significand == 0 ? 0 : significand << shift;
    }

    /** Handles NaNs, unsupported formats and denormals; true if there is nothing left to compute. */
    private boolean special(int aSe, long a, int bSe, long b) {
        if (Real80.isUnsupported(aSe, a) || Real80.isUnsupported(bSe, b)) {
            flags &= ~DENORMAL;
            invalid();
            return true;
        }
        boolean aNan = Real80.isNan(aSe, a);
        boolean bNan = Real80.isNan(bSe, b);
        if (aNan || bNan) {
            flags &= ~DENORMAL;
            propagate(aSe, a, aNan, bSe, b, bNan);
            return true;
        }
        noteDenormal(aSe, a);
        noteDenormal(bSe, b);
        return (flags & DENORMAL) != 0 && !isMasked(DENORMAL);
    }

    private void noteDenormal(int signExponent, long significand) {
        if (Real80.isDenormal(signExponent, significand)) {
            flags |= DENORMAL;
        }
    }

    /** Which of two NaNs is the result (SDM vol. 1 table 4-7): a quiet one before a signalling one, then the larger. */
    private void propagate(int aSe, long a, boolean aNan, int bSe, long b, boolean bNan) {
        boolean aSignals = Real80.isSignallingNan(aSe, a);
        boolean bSignals = Real80.isSignallingNan(bSe, b);
        if (aSignals || bSignals) {
            flags |= INVALID;
        }
        boolean takeA;
        if (aNan && bNan && aSignals == bSignals) {
            int order = Long.compareUnsigned(a, b);
            takeA = order > 0 || (order == 0 && (aSe & Real80.SIGN) == 0);
        } else if (aNan && bNan) {
            takeA = bSignals;
        } else {
            takeA = aNan;
        }
        set(takeA ? aSe : bSe, (takeA ? a : b) | Real80.QUIET_BIT);
    }

    void add(int aSe, long a, int bSe, long b) {
        if (special(aSe, a, bSe, b)) {
            return;
        }
        boolean aInfinite = Real80.isInfinity(aSe, a);
        boolean bInfinite = Real80.isInfinity(bSe, b);
        boolean differ = ((aSe ^ bSe) & Real80.SIGN) != 0;
        if (aInfinite || bInfinite) {
            if (aInfinite && bInfinite && differ) {
                invalid();
            } else {
                set(aInfinite ? aSe : bSe, Real80.INTEGER_BIT);
            }
            return;
        }
        if (a == 0 && b == 0) {
            zero(differ ? direction() == DOWN : (aSe & Real80.SIGN) != 0);
            return;
        }
        addFinite(aSe, a, bSe, b, differ);
    }

    private void addFinite(int aSe, long a, int bSe, long b, boolean differ) {
        unpack(aSe, a);
        int aExponent = a == 0 ? Integer.MIN_VALUE / 2 : exponent;
        long aBits = bits;
        unpack(bSe, b);
        int bExponent = b == 0 ? Integer.MIN_VALUE / 2 : exponent;
        long bBits = bits;
        boolean swap = bExponent > aExponent || (bExponent == aExponent && Long.compareUnsigned(bBits, aBits) > 0);
        boolean sign = ((swap ? bSe : aSe) & Real80.SIGN) != 0;
        int large = swap ? bExponent : aExponent;
        int distance = Math.min(large - (swap ? aExponent : bExponent), 200);
        long high = swap ? bBits : aBits;
        long small = swap ? aBits : bBits;
        long otherHigh = Wide.shiftRightHigh(small, distance);
        long otherLow = Wide.shiftRightLow(small, 0, distance);
        if (differ) {
            subtract(sign, large, high, otherHigh, otherLow);
            return;
        }
        long sum = high + otherHigh;
        if (Long.compareUnsigned(sum, high) < 0) {
            long low = Wide.shiftRightLow(sum, otherLow, 1);
            round(sign, large + 1, (sum >>> 1) | Real80.INTEGER_BIT, low);
        } else {
            round(sign, large, sum, otherLow);
        }
    }

    private void subtract(boolean sign, int large, long high, long otherHigh, long otherLow) {
        long low = -otherLow;
        long difference = high - otherHigh - (otherLow != 0 ? 1 : 0);
        if (difference == 0 && low == 0) {
            zero(direction() == DOWN);
            return;
        }
        roundUnnormalized(sign, large, difference, low);
    }

    private void roundUnnormalized(boolean sign, int biased, long high, long low) {
        int shift = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
        long newHigh = high;
        long newLow = low;
        if (shift >= 64) {
            newHigh = low << (shift - 64);
            newLow = 0;
        } else if (shift > 0) {
            newHigh = (high << shift) | (low >>> (64 - shift));
            newLow = low << shift;
        }
        round(sign, biased - shift, newHigh, newLow);
    }

    void multiply(int aSe, long a, int bSe, long b) {
        if (special(aSe, a, bSe, b)) {
            return;
        }
        boolean sign = ((aSe ^ bSe) & Real80.SIGN) != 0;
        boolean infinite = Real80.isInfinity(aSe, a) || Real80.isInfinity(bSe, b);
        if (infinite || a == 0 || b == 0) {
            if (infinite && (a == 0 || b == 0)) {
                invalid();
            } else if (infinite) {
                infinity(sign);
            } else {
                zero(sign);
            }
            return;
        }
        unpack(aSe, a);
        int aExponent = exponent;
        long aBits = bits;
        unpack(bSe, b);
        long high = Wide.multiplyHigh(aBits, bits);
        roundUnnormalized(sign, aExponent + exponent - Real80.BIAS + 1, high, aBits * bits);
    }

    void divide(int aSe, long a, int bSe, long b) {
        if (special(aSe, a, bSe, b)) {
            return;
        }
        boolean sign = ((aSe ^ bSe) & Real80.SIGN) != 0;
        boolean aInfinite = Real80.isInfinity(aSe, a);
        boolean bInfinite = Real80.isInfinity(bSe, b);
        if ((aInfinite && bInfinite) || (a == 0 && b == 0)) {
            invalid();
        } else if (aInfinite) {
            infinity(sign);
        } else if (bInfinite || a == 0) {
            zero(sign);
        } else if (b == 0) {
            flags = (flags & ~DENORMAL) | ZERO_DIVIDE;
            infinity(sign);
        } else {
            divideFinite(sign, aSe, a, bSe, b);
        }
    }

    private void divideFinite(boolean sign, int aSe, long a, int bSe, long b) {
        unpack(aSe, a);
        int aExponent = exponent;
        long rest = bits;
        unpack(bSe, b);
        boolean less = Long.compareUnsigned(rest, bits) < 0;
        int newExponent = aExponent - exponent + Real80.BIAS - (less ? 1 : 0);
        long result = less ? 0 : 1;
        rest = less ? rest : rest - bits;
        int more = less ? 65 : 64;
        for (int i = 0; i < more - 1; i++) {
            boolean carry = rest < 0;
            rest <<= 1;
            boolean fits = carry || Long.compareUnsigned(rest, bits) >= 0;
            rest = fits ? rest - bits : rest;
            result = (result << 1) | (fits ? 1 : 0);
        }
        boolean carry = rest < 0;
        rest <<= 1;
        boolean half = carry || Long.compareUnsigned(rest, bits) >= 0;
        rest = half ? rest - bits : rest;
        round(sign, newExponent, result, (half ? Long.MIN_VALUE : 0) | Wide.sticky(rest));
    }

    void squareRoot(int se, long value) {
        if (special(se, value, 0, 0)) {
            return;
        }
        if (value == 0) {
            set(se, 0);
        } else if ((se & Real80.SIGN) != 0) {
            flags &= ~DENORMAL;
            invalid();
        } else if (Real80.isInfinity(se, value)) {
            set(se, value);
        } else {
            squareRootFinite(se, value);
        }
    }

    private void squareRootFinite(int se, long value) {
        unpack(se, value);
        int unbiased = exponent - Real80.BIAS;
        boolean odd = (unbiased & 1) != 0;
        BigInteger square = unsigned(bits).shiftLeft(odd ? 68 : 67);
        BigInteger[] root = square.sqrtAndRemainder();
        BigInteger all = root[0];
        // Of the 66 bits two are below the significand.
        long low = (all.and(BigInteger.valueOf(3)).longValue() << 62) | Wide.sticky(root[1].signum());
        round(false, Math.floorDiv(unbiased, 2) + Real80.BIAS, all.shiftRight(2).longValue(), low);
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(1, java.nio.ByteBuffer.allocate(8).putLong(value).array());
    }

    /**
     * FPREM and FPREM1: what is left of {@code a} after an integer number of times {@code b}.
     *
     * @param nearest whether that number is the nearest one (FPREM1), else it is cut off
     */
    void remainder(int aSe, long a, int bSe, long b, boolean nearest) {
        quotient = 0;
        partial = false;
        fullPrecision();
        if (special(aSe, a, bSe, b)) {
            return;
        }
        if (Real80.isInfinity(aSe, a) || b == 0) {
            flags &= ~DENORMAL;
            invalid();
        } else if (a == 0 || Real80.isInfinity(bSe, b)) {
            set(aSe, a);
            if (Real80.isDenormal(aSe, a)) {
                unpack(aSe, a);
                round(negative, exponent, bits, 0);
            }
        } else {
            remainderFinite(aSe, a, bSe, b, nearest);
        }
    }

    private void remainderFinite(int aSe, long a, int bSe, long b, boolean nearest) {
        unpack(aSe, a);
        boolean sign = negative;
        int aExponent = exponent;
        long rest = bits;
        unpack(bSe, b);
        int distance = aExponent - exponent;
        partial = distance >= 64;
        int steps = partial ? 32 + (distance & 31) : distance;
        boolean over = false;
        if (distance < 0) {
            finishSmall(sign, aSe, a, distance, rest, nearest);
            return;
        }
        for (int i = 0; i <= steps; i++) {
            boolean fits = over || Long.compareUnsigned(rest, bits) >= 0;
            rest = fits ? rest - bits : rest;
            quotient = (quotient << 1) | (fits ? 1 : 0);
            if (i < steps) {
                over = rest < 0;
                rest <<= 1;
            }
        }
        boolean flip = false;
        if (nearest && !partial) {
            long twice = rest << 1;
            int order = rest < 0 ? 1 : Long.compareUnsigned(twice, bits);
            if (order > 0 || (order == 0 && (quotient & 1) != 0)) {
                rest = bits - rest;
                quotient++;
                flip = true;
            }
        }
        finish(sign != flip, partial ? exponent + distance - steps : exponent, rest, sign);
    }

    /** The dividend is smaller than the divisor: at most half of it, or nearer to it than to 0. */
    private void finishSmall(boolean sign, int aSe, long a, int distance, long rest, boolean nearest) {
        boolean subtract = nearest && distance == -1 && Long.compareUnsigned(rest, bits) > 0;
        if (!subtract) {
            int keep = exponent + distance;
            set(aSe, a);
            if (keep <= 0) {
                round(sign, keep, rest, 0);
            }
            return;
        }
        quotient = 1;
        // 2b - a in units of a's last bit: a's exponent is one below b's.
        finish(!sign, exponent - 1, (bits << 1) - rest, sign);
    }

    private void finish(boolean sign, int biased, long rest, boolean signOfZero) {
        if (rest == 0) {
            zero(signOfZero);
            return;
        }
        int shift = Long.numberOfLeadingZeros(rest);
        round(sign, biased - shift, rest << shift, 0);
    }

    /** FRNDINT. */
    void toIntegral(int se, long value) {
        fullPrecision();
        if (special(se, value, 0, 0)) {
            return;
        }
        int point = Real80.BIAS + 63 - (se & Real80.EXPONENT);
        if (value == 0 || point <= 0) {
            set(se, value);
            return;
        }
        boolean sign = (se & Real80.SIGN) != 0;
        long integer = toInteger(se, value);
        if (integer == 0) {
            zero(sign);
        } else {
            int shift = Long.numberOfLeadingZeros(integer);
            set((se & Real80.SIGN) | (Real80.BIAS + 63 - shift), integer << shift);
        }
    }

    /** The magnitude of a finite number below 2^64, rounded to an integer; 0 if it is 2^64 after that. */
    long toInteger(int se, long value) {
        unpack(se, value);
        if (value == 0) {
            return 0;
        }
        int shift = Real80.BIAS + 63 - exponent;
        long high = shift > 127 ? 0 : Wide.shiftRightHigh(bits, shift);
        long low = shift > 127 ? 1 : Wide.shiftRightLow(bits, 0, shift);
        if (low != 0) {
            flags |= INEXACT;
            roundedUp = roundsUp(negative, (high & 1) != 0, low);
        }
        return roundedUp ? high + 1 : high;
    }

    /** FSCALE: {@code a} times two to the power of {@code b}, cut off to an integer. */
    void scale(int aSe, long a, int bSe, long b) {
        fullPrecision();
        if (special(aSe, a, bSe, b)) {
            return;
        }
        boolean sign = (aSe & Real80.SIGN) != 0;
        if (Real80.isInfinity(bSe, b)) {
            scaleByInfinity(aSe, a, (bSe & Real80.SIGN) != 0);
        } else if (a == 0 || Real80.isInfinity(aSe, a)) {
            set(aSe, a);
        } else {
            int by = scaleOf(bSe, b);
            unpack(aSe, a);
            round(sign, exponent + by, bits, 0);
        }
    }

    private void scaleByInfinity(int aSe, long a, boolean down) {
        boolean sign = (aSe & Real80.SIGN) != 0;
        if (down ? Real80.isInfinity(aSe, a) : a == 0) {
            invalid();
        } else if (down) {
            zero(sign);
        } else {
            infinity(sign);
        }
    }

    private int scaleOf(int se, long value) {
        int shift = Real80.BIAS + 63 - (se & Real80.EXPONENT);
        int size = shift > 63 ? 0 : shift < 47 ? 0x1_0000 : (int) (value >>> shift);
        return (se & Real80.SIGN) != 0 ? -size : size;
    }

    /** A number that an instruction only moves but that may be an operand no instruction takes: FXTRACT, FTST and the like. */
    boolean isSpecial(int se, long value) {
        return special(se, value, 0, 0);
    }

    /** The unbiased exponent of a finite number that is not 0. */
    int exponentOf(int se, long value) {
        unpack(se, value);
        return exponent - Real80.BIAS;
    }

    /** The significand of a finite number that is not 0, with its integer bit set. */
    long significandOf(int se, long value) {
        unpack(se, value);
        return bits;
    }

    /**
     * Compares: -1, 0, 1, or 2 if unordered. Notes an invalid operation for NaNs.
     *
     * @param quiet whether quiet NaNs are no invalid operation
     */
    int compare(int aSe, long a, int bSe, long b, boolean quiet) {
        if (Real80.isUnsupported(aSe, a) || Real80.isUnsupported(bSe, b)) {
            flags = (flags & ~DENORMAL) | INVALID;
            return 2;
        }
        if (Real80.isNan(aSe, a) || Real80.isNan(bSe, b)) {
            flags &= ~DENORMAL;
            if (!quiet || Real80.isSignallingNan(aSe, a) || Real80.isSignallingNan(bSe, b)) {
                flags |= INVALID;
            }
            return 2;
        }
        noteDenormal(aSe, a);
        noteDenormal(bSe, b);
        if (a == 0 && b == 0) {
            return 0;
        }
        boolean aNegative = (aSe & Real80.SIGN) != 0;
        if (aNegative != ((bSe & Real80.SIGN) != 0)) {
            return aNegative ? -1 : 1;
        }
        int order = Integer.compare(Math.max(1, aSe & Real80.EXPONENT), Math.max(1, bSe & Real80.EXPONENT));
        int magnitude = order != 0 && a != 0 && b != 0 ? order : Long.compareUnsigned(a, b);
        return aNegative ? -magnitude : magnitude;
    }
}
