package trapline.journal;

/** Bytes being read; the mirror of {@link ByteOutput}. Reading past the end is a {@link MalformedBlockException}. */
final class ByteInput {

    final byte[] bytes;
    final int end;
    int position;

    ByteInput(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    boolean hasMore() {
        return position < end;
    }

    int getByte() throws MalformedBlockException {
        if (position >= end) {
            throw new MalformedBlockException("ends inside an event", position);
        }
        return bytes[position++] & 0xff;
    }

    long getVarint() throws MalformedBlockException {
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

    long getSigned() throws MalformedBlockException {
        long value = getVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A varint that must lie in a range, such as an index or a length. */
    int getBounded(int exclusiveMax, String what) throws MalformedBlockException {
        long value = getVarint();
        if (value < 0 || value >= exclusiveMax) {
            throw new MalformedBlockException(what + " " + Long.toUnsignedString(value) + " out of range", position);
        }
        return (int) value;
    }
}
