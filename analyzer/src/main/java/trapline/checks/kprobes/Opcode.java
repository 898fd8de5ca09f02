package trapline.checks.kprobes;

import org.jspecify.annotations.Nullable;
import trapline.replay.TextState;

/**
 * What a step must do about eip after an instruction, by its opcode (Intel SDM vol. 2, appendix A). The bytes are known
 * where the guest has read or overwritten them as data, as arming a probe does.
 */
enum Opcode {
    /** eip is relative to the place of the instruction. */
    RELATIVE,
    /** The instruction loads eip: near and far returns, iret, absolute and indirect jumps and calls. */
    ABSOLUTE,
    /** Not known: the bytes were never seen. */
    UNKNOWN;

    private static final int PREFIXES_MAX = 14;

    static Opcode at(long address, TextState text) {
        long at = behindPrefixes(address, text);
        Integer opcode = text.originalByteAt(at);
        if (opcode == null) {
            return UNKNOWN;
        }
        return switch (opcode) {
            case 0xc2, 0xc3, 0xca, 0xcb, 0xcf, 0xea, 0x9a -> ABSOLUTE;
            case 0xff -> {
                Integer group = group(at, text);
                yield group == null ? UNKNOWN : group >= 2 && group <= 5 ? ABSOLUTE : RELATIVE;
            }
            default -> RELATIVE;
        };
    }

    static boolean isCall(long address, TextState text) {
        long at = behindPrefixes(address, text);
        Integer opcode = text.originalByteAt(at);
        Integer group = opcode != null && opcode == 0xff ? group(at, text) : null;
        return opcode != null && (opcode == 0xe8 || opcode == 0x9a || (group != null && (group == 2 || group == 3)));
    }

    /** The opcode byte behind the prefixes, or null if it is not known. */
    static @Nullable Integer byteOf(long address, TextState text) {
        return text.originalByteAt(behindPrefixes(address, text));
    }

    /** Whether an instruction loads EFLAGS from memory: popf, iret. */
    static boolean loadsFlags(long address, TextState text) {
        Integer opcode = byteOf(address, text);
        return opcode != null && (opcode == 0x9d || opcode == 0xcf);
    }

    /** The reg field of the byte behind an opcode. */
    private static @Nullable Integer group(long at, TextState text) {
        Integer modrm = text.originalByteAt(at + 1);
        return modrm == null ? null : modrm >>> 3 & 7;
    }

    private static long behindPrefixes(long address, TextState text) {
        long at = address;
        while (at - address < PREFIXES_MAX && isPrefix(text.originalByteAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isPrefix(@Nullable Integer value) {
        return value != null
                && switch (value) {
                    case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3 -> true;
                    default -> false;
                };
    }
}
