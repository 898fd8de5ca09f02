package trapline.machine.x87;

/** Conversions between the 80-bit format and those of memory (SDM vol. 1 §4.2, §8.5). */
final class Formats {
    private static final int DOUBLE_BIAS = 1023;
    private static final int FLOAT_BIAS = 127;
    private static final long DECIMAL_MAX = 999_999_999_999_999_999L;

    private final Arithmetic80 unit;

    Formats(Arithmetic80 unit) {
        this.unit = unit;
    }

    /** The number of a double, exactly. Notes denormals; a signalling NaN stays one. */
    void ofDouble(long raw) {
        ofIeee((int) (raw >>> 48) & Real80.SIGN, (int) (raw >>> 52) & 0x7ff, (raw << 12) >>> 1, 0x7ff, DOUBLE_BIAS);
    }

    /** The number of a float; see {@link #ofDouble}. */
    void ofFloat(int raw) {
        ofIeee((raw >>> 16) & Real80.SIGN, (raw >>> 23) & 0xff, ((long) raw << 41) >>> 1, 0xff, FLOAT_BIAS);
    }

    private void ofIeee(int sign, int exponent, long fraction, int exponentMax, int bias) {
        if (exponent == exponentMax) {
            unit.set(sign | Real80.EXPONENT, Real80.INTEGER_BIT | fraction);
        } else if (exponent == 0 && fraction == 0) {
            unit.set(sign, 0);
        } else if (exponent == 0) {
            unit.flags |= Rounder.DENORMAL;
            int shift = Long.numberOfLeadingZeros(fraction);
            unit.set(sign | (Real80.BIAS - bias + 1 - shift), fraction << shift);
        } else {
            unit.set(sign | (exponent - bias + Real80.BIAS), Real80.INTEGER_BIT | fraction);
        }
    }

    void ofInteger(long value) {
        if (value == 0) {
            unit.set(0, 0);
            return;
        }
        long magnitude = Math.abs(value);
        int shift = Long.numberOfLeadingZeros(magnitude);
        unit.set((value < 0 ? Real80.SIGN : 0) | (Real80.BIAS + 63 - shift), magnitude << shift);
    }

    /** Packed decimal: 18 digits in the low nine bytes, the sign in the highest bit. */
    void ofDecimal(long low, int high) {
        long value = 0;
        for (int i = 17; i >= 0; i--) {
            int nibble = i >= 16 ? (high >>> (4 * (i - 16))) & 0xf : (int) (low >>> (4 * i)) & 0xf;
            value = value * 10 + nibble;
        }
        ofInteger(value);
        unit.signExponent |= high & Real80.SIGN;
    }

    /**
     * The integer that FIST stores.
     *
     * @param bits 16, 32 or 64
     * @return the smallest one, with an invalid operation noted, if the number has no place
     */
    long toInteger(int se, long value, int bits) {
        long smallest = -1L << (bits - 1);
        boolean negative = (se & Real80.SIGN) != 0;
        boolean tooBig = (se & Real80.EXPONENT) >= Real80.BIAS + 64;
        if (tooBig || Real80.isUnsupported(se, value)) {
            unit.flags |= Rounder.INVALID;
            return smallest;
        }
        long magnitude = unit.toInteger(se, value);
        boolean wraps = magnitude == 0 && unit.roundedUp;
        boolean fits = magnitude >= 0 && !wraps && (negative ? -magnitude >= smallest : magnitude <= ~smallest);
        boolean isSmallest = negative && magnitude == -smallest;
        if (!fits && !isSmallest) {
            unit.flags = (unit.flags & ~Rounder.INEXACT) | Rounder.INVALID;
            unit.roundedUp = false;
            return smallest;
        }
        return negative ? -magnitude : magnitude;
    }

    /**
     * The digits that FBSTP stores; {@link #decimalHigh} has the rest.
     *
     * @return the low 16 digits, or those of the indefinite value
     */
    long toDecimal(int se, long value) {
        long integer = toInteger(se, value, 64);
        if ((unit.flags & Rounder.INVALID) == 0 && Math.abs(integer) > DECIMAL_MAX) {
            unit.flags = (unit.flags & ~Rounder.INEXACT) | Rounder.INVALID;
            unit.roundedUp = false;
        }
        if ((unit.flags & Rounder.INVALID) != 0) {
            decimalHigh = 0xffff;
            return 0xc000_0000_0000_0000L;
        }
        long rest = Math.abs(integer);
        long low = 0;
        for (int i = 0; i < 16; i++) {
            low |= (rest % 10) << (4 * i);
            rest /= 10;
        }
        decimalHigh = (int) ((rest % 10) | ((rest / 10) << 4)) | (se & Real80.SIGN);
        return low;
    }

    /** The high two bytes of the last {@link #toDecimal}. */
    int decimalHigh;

    long toDouble(int se, long value) {
        return toIeee(se, value, 52, DOUBLE_BIAS, 0x7ff);
    }

    int toFloat(int se, long value) {
        return (int) toIeee(se, value, 23, FLOAT_BIAS, 0xff);
    }

    private long toIeee(int se, long value, int fractionBits, int bias, int exponentMax) {
        long sign = (se & Real80.SIGN) != 0 ? 1L << (fractionBits + (exponentMax == 0xff ? 8 : 11)) : 0;
        long infinity = (long) exponentMax << fractionBits;
        int drop = 63 - fractionBits;
        if (Real80.isUnsupported(se, value)) {
            unit.flags |= Rounder.INVALID;
            return (1L << (fractionBits + (exponentMax == 0xff ? 8 : 11))) | infinity | (1L << (fractionBits - 1));
        }
        if (Real80.isNan(se, value)) {
            unit.flags |= Real80.isSignallingNan(se, value) ? Rounder.INVALID : 0;
            return sign | infinity | (1L << (fractionBits - 1)) | ((value & Long.MAX_VALUE) >>> drop);
        }
        if (Real80.isInfinity(se, value) || value == 0) {
            return sign | (value == 0 ? 0 : infinity);
        }
        int exponent = unit.exponentOf(se, value) + bias;
        return sign | roundIeee(sign != 0, exponent, unit.significandOf(se, value), drop, infinity);
    }

    private long roundIeee(boolean negative, int exponent, long bits, int drop, long infinity) {
        int shift = exponent > 0 ? drop : Math.min(drop + 1 - exponent, 127);
        long kept = Wide.shiftRightHigh(bits, shift);
        long rest = Wide.shiftRightLow(bits, 0, shift);
        boolean up = unit.roundsUp(negative, (kept & 1) != 0, rest);
        long significand = up ? kept + 1 : kept;
        if (rest != 0) {
            unit.flags |= Rounder.INEXACT;
            unit.roundedUp = up;
        }
        long one = 1L << (63 - drop);
        if (exponent <= 0) {
            boolean tiny = exponent < 0 || !reachesNormal(negative, bits, drop);
            noteUnderflow(tiny, rest != 0);
            return significand;
        }
        // A carry out of the significand makes the exponent one greater, as adding it in place does.
        long result = ((long) exponent - 1) * one + significand;
        if (result >= infinity) {
            return overflowed(negative, infinity);
        }
        return result;
    }

    private void noteUnderflow(boolean tiny, boolean inexact) {
        if (tiny && (inexact || !unit.isMasked(Rounder.UNDERFLOW))) {
            unit.flags |= Rounder.UNDERFLOW;
        }
    }

    private boolean reachesNormal(boolean negative, long bits, int drop) {
        long kept = bits >>> drop;
        return kept == (1L << (64 - drop)) - 1 && unit.roundsUp(negative, true, bits << (64 - drop));
    }

    private long overflowed(boolean negative, long infinity) {
        unit.flags |= Rounder.OVERFLOW;
        if (unit.isMasked(Rounder.OVERFLOW)) {
            unit.flags |= Rounder.INEXACT;
        }
        boolean toInfinity =
                unit.direction() == Rounder.NEAREST || unit.direction() == (negative ? Rounder.DOWN : Rounder.UP);
        unit.roundedUp = toInfinity;
        return toInfinity ? infinity : infinity - 1;
    }
}
