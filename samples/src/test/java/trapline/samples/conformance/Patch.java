package trapline.samples.conformance;

import java.util.HexFormat;

/** Bytes at a linear address: {@code [211ffe]=01ff} in the notation. */
final class Patch {
    private final int address;
    private final byte[] bytes;

    Patch(int address, byte[] bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    int address() {
        return address;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Parses {@code [address]=bytes}. */
    static Patch parse(String token) {
        int close = token.indexOf("]=");
        return new Patch(
                Integer.parseUnsignedInt(token.substring(1, close), 16),
                HexFormat.of().parseHex(token.substring(close + 2)));
    }

    @Override
    public String toString() {
        return String.format("[%x]=%s", address, HexFormat.of().formatHex(bytes));
    }
}
