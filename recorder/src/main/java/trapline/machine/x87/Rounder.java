package trapline.machine.x87;

/** Rounds results to the precision and in the direction that a control word asks for, and collects the exceptions. */
class Rounder {
    /** Exception flags as in the status word. */
    static final int INVALID = 1;
    /** See {@link #INVALID}. */
    static final int DENORMAL = 2;
    /** See {@link #INVALID}. */
    static final int ZERO_DIVIDE = 4;
    /** See {@link #INVALID}. */
    static final int OVERFLOW = 8;
    /** See {@link #INVALID}. */
    static final int UNDERFLOW = 0x10;
    /** See {@link #INVALID}. */
    static final int INEXACT = 0x20;

    static final int NEAREST = 0;
    static final int DOWN = 1;
    static final int UP = 2;

    /** What is added to or taken from the exponent of a result that an unmasked exception reports (SDM vol. 1 §8.5.4). */
    private static final int EXPONENT_WRAP = 24_576;

    /** The result: sign and exponent. */
    int signExponent;
    /** The result: significand. */
    long significand;
    /** Exceptions of the last operation. */
    int flags;
    /** Whether rounding made the magnitude greater: C1. */
    boolean roundedUp;

    private int masks;
    private int direction;
    private int precision;

    /** Takes the control word of the next operation and forgets the exceptions of the last. */
    final void begin(int controlWord) {
        masks = controlWord & 0x3f;
        direction = (controlWord >>> 10) & 3;
        precision = switch ((controlWord >>> 8) & 3) {
            case 0 -> 24;
            case 2 -> 53;
            default -> 64;
        };
        flags = 0;
        roundedUp = false;
    }

    /** The next result is rounded to 64 bits, whatever the control word says. */
    final void fullPrecision() {
        precision = 64;
    }

    final int direction() {
        return direction;
    }

    final boolean isMasked(int exception) {
        return (masks & exception) != 0;
    }

    final void set(int newSignExponent, long newSignificand) {
        signExponent = newSignExponent;
        significand = newSignificand;
    }

    /** An invalid operation: the result, if masked, is the indefinite NaN. */
    final void invalid() {
        flags |= INVALID;
        set(Real80.INDEFINITE, Real80.INDEFINITE_SIGNIFICAND);
    }

    final void zero(boolean negative) {
        set(negative ? Real80.SIGN : 0, 0);
    }

    final void infinity(boolean negative) {
        set((negative ? Real80.SIGN : 0) | Real80.EXPONENT, Real80.INTEGER_BIT);
    }

    /** Whether to go to the next greater magnitude: {@code rest} is what is cut off, as a fraction of 2^64. */
    final boolean roundsUp(boolean negative, boolean odd, long rest) {
        return switch (direction) {
            case NEAREST -> rest < 0 && (rest != Long.MIN_VALUE || odd);
            case DOWN -> negative && rest != 0;
            case UP -> !negative && rest != 0;
            default -> false;
        };
    }

    /**
     * Rounds a number that is not 0.
     *
     * @param exponent biased; may be out of range
     * @param high significand, its integer bit set
     * @param low the bits below; the lowest stands for all that follow
     */
    final void round(boolean negative, int exponent, long high, long low) {
        if (exponent <= 0 && isTiny(negative, exponent, high, low)) {
            roundTiny(negative, exponent, high, low);
            return;
        }
        roundNormal(negative, exponent, high, low);
    }

    private void roundNormal(boolean negative, int exponent, long high, long low) {
        long rounded = cut(negative, high, low);
        int newExponent = exponent;
        if (rounded == 0) {
            rounded = Real80.INTEGER_BIT;
            newExponent++;
        }
        if (newExponent >= Real80.EXPONENT) {
            overflow(negative, newExponent, rounded);
            return;
        }
        set((negative ? Real80.SIGN : 0) | newExponent, rounded);
    }

    /** The significand rounded to the precision, 0 if that carries out of it; notes inexactness and direction. */
    private long cut(boolean negative, long high, long low) {
        int dropped = 64 - precision;
        long unit = 1L << dropped;
        long rest = dropped == 0 ? low : (high << precision) | (low != 0 ? 1 : 0);
        long kept = high & -unit;
        boolean up = roundsUp(negative, (kept & unit) != 0, rest);
        if (rest != 0) {
            flags |= INEXACT;
            roundedUp = up;
        }
        return up ? kept + unit : kept;
    }

    /** Whether the result, rounded as if exponents had no end, is below the smallest normal number. */
    private boolean isTiny(boolean negative, int exponent, long high, long low) {
        if (exponent < 0) {
            return true;
        }
        int dropped = 64 - precision;
        long unit = 1L << dropped;
        long rest = dropped == 0 ? low : (high << precision) | (low != 0 ? 1 : 0);
        long kept = high & -unit;
        return kept + unit != 0 || !roundsUp(negative, (kept & unit) != 0, rest);
    }

    private void roundTiny(boolean negative, int exponent, long high, long low) {
        if (!isMasked(UNDERFLOW)) {
            flags |= UNDERFLOW;
            roundNormal(negative, exponent + EXPONENT_WRAP, high, low);
            return;
        }
        int shift = 1 - exponent;
        long shiftedLow = shift > 127 ? 1 : Wide.shiftRightLow(high, low, shift);
        long rounded = cut(negative, Wide.shiftRightHigh(high, shift), shiftedLow);
        if ((flags & INEXACT) != 0) {
            flags |= UNDERFLOW;
        }
        set((negative ? Real80.SIGN : 0) | (rounded < 0 ? 1 : 0), rounded);
    }

    private void overflow(boolean negative, int exponent, long rounded) {
        flags |= OVERFLOW;
        if (!isMasked(OVERFLOW)) {
            set((negative ? Real80.SIGN : 0) | (exponent - EXPONENT_WRAP), rounded);
            return;
        }
        flags |= INEXACT;
        boolean toInfinity = direction == NEAREST || direction == (negative ? DOWN : UP);
        roundedUp = toInfinity;
        if (toInfinity) {
            infinity(negative);
        } else {
            set((negative ? Real80.SIGN : 0) | (Real80.EXPONENT - 1), -1L << (64 - precision));
        }
    }
}
