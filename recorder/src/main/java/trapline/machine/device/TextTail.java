package trapline.machine.device;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;
import trapline.machine.bus.Stateful;

/** What a guest has printed: at least the last half MiB of it. */
final class TextTail implements Stateful {
    private static final int BYTES_MAX = 1 << 20;

    private byte[] bytes = new byte[256];
    private int length;

    void add(byte character) {
        if (length == BYTES_MAX) {
            System.arraycopy(bytes, BYTES_MAX / 2, bytes, 0, BYTES_MAX / 2);
            length = BYTES_MAX / 2;
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = character;
    }

    /** As ISO-8859-1. */
    String text() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void save(StateWriter out) {
        out.bytes(bytes, length);
    }

    @Override
    public void load(StateReader in) {
        byte[] saved = in.bytes();
        length = saved.length;
        bytes = Arrays.copyOf(saved, Math.max(256, length));
    }
}
