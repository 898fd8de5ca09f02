package trapline.machine.x87;

/** The double extended-precision format: sign and exponent in 16 bits, significand with its integer bit in 64. */
final class Real80 {
    static final int SIGN = 0x8000;
    static final int EXPONENT = 0x7fff;
    static final int BIAS = 0x3fff;
    static final long INTEGER_BIT = Long.MIN_VALUE;
    static final long QUIET_BIT = 1L << 62;

    /** Sign and exponent, and significand, of the NaN that stands for an invalid result. */
    static final int INDEFINITE = 0xffff;

    static final long INDEFINITE_SIGNIFICAND = INTEGER_BIT | QUIET_BIT;

    private Real80() {}

    static boolean isZero(int signExponent, long significand) {
        return (signExponent & EXPONENT) == 0 && significand == 0;
    }

    static boolean isDenormal(int signExponent, long significand) {
        return (signExponent & EXPONENT) == 0 && significand != 0;
    }

    static boolean isInfinity(int signExponent, long significand) {
        return (signExponent & EXPONENT) == EXPONENT && significand == INTEGER_BIT;
    }

    static boolean isNan(int signExponent, long significand) {
        return (signExponent & EXPONENT) == EXPONENT && significand < 0 && significand != INTEGER_BIT;
    }

    static boolean isSignallingNan(int signExponent, long significand) {
        return isNan(signExponent, significand) && (significand & QUIET_BIT) == 0;
    }

    /** Whether it is no number since the 387: the integer bit is 0 though the exponent is not. */
    static boolean isUnsupported(int signExponent, long significand) {
        return (signExponent & EXPONENT) != 0 && significand >= 0;
    }
}
