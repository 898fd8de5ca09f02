package trapline.block;

/** Bytes being read; the mirror of {@link ByteOutput}. Reading past the end is a {@link MalformedBlockException}. */
public final class ByteInput {

    public static final ByteInput EMPTY = new ByteInput(new byte[0], 0, 0);

    public final byte[] bytes;
    public final int end;
    public int position;

    public ByteInput(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    public boolean hasMore() {
        return position < end;
    }

    public int getByte() throws MalformedBlockException {
        if (position >= end) {
            throw new MalformedBlockException("ends inside an event", position);
        }
        return bytes[position++] & 0xff;
    }

    public long getVarint() throws MalformedBlockException {
        if (position + Long.BYTES > end) {
            return getVarintByBytes();
        }
        long word = BlockLayout.getLong(bytes, position);
        if ((word & 0x80) == 0) {
            position++;
            return word & 0x7f;
        }
        if ((word & 0x8000) == 0) {
            position += 2;
            return (word & 0x7f) | (word >>> 1 & 0x3f80);
        }
        long stops = ~word & 0x8080808080808080L;
        if (stops == 0) {
            return getVarintByBytes();
        }
        position += (Long.numberOfTrailingZeros(stops) >>> 3) + 1;
        return joined(word & (stops ^ (stops - 1)));
    }

    /** Joins the low seven bits of eight bytes, two at a time, then four, then eight. */
    private static long joined(long word) {
        long pairs = (word & 0x007f007f007f007fL) | (word & 0x7f007f007f007f00L) >>> 1;
        long fours = (pairs & 0x0000ffff0000ffffL) | (pairs & 0xffff0000ffff0000L) >>> 2;
        return (fours & 0xffffffffL) | (fours & 0xffffffff00000000L) >>> 4;
    }

    private long getVarintByBytes() throws MalformedBlockException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = getByte();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedBlockException("number longer than 64 bits", position);
    }

    public long getSigned() throws MalformedBlockException {
        long value = getVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A varint that must lie in a range, such as an index or a length. */
    public int getBounded(int exclusiveMax, String what) throws MalformedBlockException {
        long value = getVarint();
        if (value < 0 || value >= exclusiveMax) {
            throw new MalformedBlockException(what + " " + Long.toUnsignedString(value) + " out of range", position);
        }
        return (int) value;
    }
}
