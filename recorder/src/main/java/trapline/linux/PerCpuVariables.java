package trapline.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The per-CPU variables of a kernel by its BTF (the kernel's Documentation/bpf/btf.rst): for kernels whose symbols have no
 * variables. Their addresses are those in the image, to which a CPU adds its own offset.
 */
final class PerCpuVariables {
    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_BYTES = 24;
    private static final String SECTION = ".data..percpu";
    private static final int KIND_VAR = 14;
    private static final int KIND_DATASEC = 15;
    /** Bytes that follow a type of each kind, fixed and for each member. */
    private static final int[] FIXED = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};

    private static final int[] EACH = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};

    private final ByteBuffer in;

    private PerCpuVariables(byte[] elf) {
        in = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Address of each, by name; empty if the kernel has no BTF. */
    static Map<String, Long> of(byte[] elf) {
        PerCpuVariables reader = new PerCpuVariables(elf);
        int[] btf = reader.section(".BTF");
        int[] variables = reader.section(SECTION);
        try {
            return btf[2] < HEADER_BYTES ? Map.of() : reader.read(btf[1], variables[0]);
        } catch (IndexOutOfBoundsException e) {
            return Map.of();
        }
    }

    /** Address, place in the file and length of a section; zeros if there is none. */
    private int[] section(String wanted) {
        int headers = in.getInt(32);
        int size = in.getShort(46) & 0xffff;
        int count = in.getShort(48) & 0xffff;
        int names = in.getShort(50) & 0xffff;
        if (headers <= 0 || size < 40 || (long) headers + (long) size * count > in.capacity() || names >= count) {
            return new int[3];
        }
        int namesAt = in.getInt(headers + names * size + 16);
        for (int i = 0; i < count; i++) {
            int at = headers + i * size;
            if (text(namesAt + in.getInt(at)).equals(wanted)) {
                return new int[] {in.getInt(at + 12), in.getInt(at + 16), in.getInt(at + 20)};
            }
        }
        return new int[3];
    }

    private String text(int at) {
        int end = at;
        while (end >= 0 && end < in.capacity() && in.get(end) != 0) {
            end++;
        }
        return at < 0 || at >= end ? "" : new String(in.array(), at, end - at, StandardCharsets.ISO_8859_1);
    }

    private Map<String, Long> read(int btf, int base) {
        Map<String, Long> result = new HashMap<>();
        if ((in.getShort(btf) & 0xffff) != MAGIC) {
            return result;
        }
        int header = in.getInt(btf + 4);
        int types = btf + header + in.getInt(btf + 8);
        int end = types + in.getInt(btf + 12);
        int strings = btf + header + in.getInt(btf + 16);
        Map<Integer, String> names = new HashMap<>();
        int id = 1;
        for (int at = types; at < end; id++) {
            int info = in.getInt(at + 4);
            int kind = (info >>> 24) & 0x1f;
            int members = info & 0xffff;
            if (kind >= FIXED.length) {
                break;
            }
            if (kind == KIND_VAR) {
                names.put(id, text(strings + in.getInt(at)));
            } else if (kind == KIND_DATASEC && text(strings + in.getInt(at)).equals(SECTION)) {
                for (int i = 0; i < members; i++) {
                    String name = names.get(in.getInt(at + 12 + 12 * i));
                    if (name != null) {
                        result.put(name, (base + in.getInt(at + 16 + 12 * i)) & 0xffff_ffffL);
                    }
                }
            }
            at += 12 + FIXED[kind] + EACH[kind] * members;
        }
        return result;
    }
}
