package trapline.source.qemu;

/** Numbers and words in bytes, without making strings of them. */
final class Ascii {

    private static final byte[] DIGITS = new byte[256];

    static {
        java.util.Arrays.fill(DIGITS, (byte) -1);
        for (int i = 0; i < 10; i++) {
            DIGITS['0' + i] = (byte) i;
        }
        for (int i = 0; i < 6; i++) {
            DIGITS['a' + i] = (byte) (10 + i);
            DIGITS['A' + i] = (byte) (10 + i);
        }
    }

    private Ascii() {}

    /** The value of a hexadecimal digit, or -1. */
    static int digit(byte b) {
        return DIGITS[b & 0xff];
    }

    /** Where the hexadecimal digits that begin at a place end; 16 at the most. */
    static int hexEnd(byte[] bytes, int from, int to) {
        int at = from;
        int limit = Math.min(to, from + 16);
        while (at < limit && digit(bytes[at]) >= 0) {
            at++;
        }
        return at;
    }

    /** The number of hexadecimal digits, all of which are some. */
    static long hex(byte[] bytes, int from, int to) {
        long value = 0;
        for (int at = from; at < to; at++) {
            value = value << 4 | digit(bytes[at]);
        }
        return value;
    }

    static boolean startsWith(byte[] bytes, int from, int to, String word) {
        if (to - from < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
