package trapline.machine.x87;

/** Numbers of 128 bits in two halves. */
final class Wide {
    private Wide() {}

    /** The high half of {@code high:low} shifted right. */
    static long shiftRightHigh(long high, int count) {
        return count >= 64 ? 0 : high >>> count;
    }

    /** The low half of {@code high:low} shifted right; what is lost is or-ed into the lowest bit. */
    static long shiftRightLow(long high, long low, int count) {
        if (count == 0) {
            return low;
        }
        if (count < 64) {
            return (high << (64 - count)) | (low >>> count) | sticky(low << (64 - count));
        }
        if (count == 64) {
            return high | sticky(low);
        }
        if (count < 128) {
            return (high >>> (count - 64)) | sticky(high << (128 - count)) | sticky(low);
        }
        return sticky(high | low);
    }

    static long sticky(long lost) {
        return lost != 0 ? 1 : 0;
    }

    /** The high half of the product of two unsigned numbers. */
    static long multiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }
}
