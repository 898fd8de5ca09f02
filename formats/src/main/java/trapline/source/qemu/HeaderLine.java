package trapline.source.qemu;

/** The line that begins a trap: {@code N: v=VV e=EEEE i=I cpl=C IP=cs:ip pc=ip SP=ss:sp …}. */
final class HeaderLine {

    private static final int VECTORS = 256;
    private static final int NUMBER_DIGITS_MAX = 18;

    private HeaderLine() {}

    /**
     * Reads one.
     *
     * @param colon place of the colon behind the number
     * @return whether it is whole up to the stack pointer
     */
    static boolean parse(byte[] bytes, int from, int colon, int to, TrapRecord into) {
        int digits = colon;
        while (digits > from && colon - digits < NUMBER_DIGITS_MAX && isDecimal(bytes[digits - 1])) {
            digits--;
        }
        if (digits == colon) {
            return false;
        }
        into.number = decimal(bytes, digits, colon);
        into.hasState = false;
        Fields in = new Fields(bytes, colon + 1, to);
        into.vector = (int) in.hex(" v=");
        into.error = in.hex(" e=");
        into.software = in.hex(" i=") != 0;
        into.cpl = (int) in.hex(" cpl=");
        into.cs = (int) in.hex(" IP=");
        into.ip = in.hex(":");
        in.hex(" pc=");
        in.hex(" SP=");
        into.sp = in.hex(":");
        return in.good && into.vector < VECTORS && into.cpl <= 3;
    }

    private static boolean isDecimal(byte b) {
        return b >= '0' && b <= '9';
    }

    private static long decimal(byte[] bytes, int from, int to) {
        long value = 0;
        for (int at = from; at < to; at++) {
            value = value * 10 + bytes[at] - '0';
        }
        return value;
    }

    /** Takes {@code key=hex} from left to right. */
    private static final class Fields {
        private final byte[] bytes;
        private final int to;
        private int at;
        private boolean good = true;

        Fields(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.at = from;
            this.to = to;
        }

        long hex(String key) {
            good = good && Ascii.startsWith(bytes, at, to, key);
            if (!good) {
                return 0;
            }
            int begin = at + key.length();
            at = Ascii.hexEnd(bytes, begin, to);
            good = at > begin;
            return Ascii.hex(bytes, begin, at);
        }
    }
}
