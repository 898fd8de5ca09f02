package trapline.qemu;

import java.io.IOException;

/**
 * Registers of the guest as gdb numbers them, and where the kernel keeps them in a trap.
 *
 * @param wordBytes size of a word of the kernel
 * @param wide whether the stub is that of {@code qemu-system-x86_64}
 */
record Target(int wordBytes, boolean wide) {

    private static final int FLAGS_BYTES = 4;

    /** struct pt_regs, x86-64: 16 words of registers (r15 to orig_ax), ip, cs. */
    private static final int FLAGS_OFFSET_64 = 18 * Long.BYTES;

    /** struct pt_regs, i386: bx cx dx si di bp ax ds es fs gs orig_ax ip cs. */
    private static final int FLAGS_OFFSET_32 = 14 * Integer.BYTES;

    long ip(GdbClient gdb) throws IOException {
        return gdb.register(wide ? 16 : 8, registerBytes());
    }

    long flags(GdbClient gdb) throws IOException {
        return gdb.register(wide ? 17 : 9, FLAGS_BYTES);
    }

    long sp(GdbClient gdb) throws IOException {
        return gdb.register(wide ? 7 : 4, registerBytes());
    }

    /** The first argument of a function of the kernel. */
    long argument(GdbClient gdb) throws IOException {
        return gdb.register(wordBytes == Long.BYTES ? 5 : 0, registerBytes());
    }

    private int registerBytes() {
        return wide ? Long.BYTES : Integer.BYTES;
    }

    /** Where the saved flags are in a struct pt_regs. */
    int flagsOffset() {
        return wordBytes == Long.BYTES ? FLAGS_OFFSET_64 : FLAGS_OFFSET_32;
    }
}
