package trapline.samples.conformance;

import java.util.Arrays;

/** Registers of one case, before or after; numbers as instructions encode them. */
final class BoxState {
    static final String[] REGISTERS = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"};
    static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};

    static final int TF = 0x100;
    static final int DF = 0x400;

    final int[] reg = new int[8];
    final int[] seg = new int[6];
    int eip;
    int eflags;

    /** What holds unless a case says otherwise (README.md, "The box"). */
    static BoxState base() {
        BoxState state = new BoxState();
        for (int i = 0; i < 8; i++) {
            state.reg[i] = 0xa5a50000 + i;
        }
        state.reg[4] = Box.STACK;
        int[] selectors = {0x2b, 0x23, 0x2b, 0x2b, 0x07, 0x0f};
        System.arraycopy(selectors, 0, state.seg, 0, selectors.length);
        state.eip = Box.CODE;
        state.eflags = 0x302;
        return state;
    }

    BoxState copy() {
        BoxState state = new BoxState();
        System.arraycopy(reg, 0, state.reg, 0, reg.length);
        System.arraycopy(seg, 0, state.seg, 0, seg.length);
        state.eip = eip;
        state.eflags = eflags;
        return state;
    }

    /** Sets the register of that name; false if there is none. */
    boolean set(String name, int value) {
        int register = Arrays.asList(REGISTERS).indexOf(name);
        int segment = Arrays.asList(SEGMENTS).indexOf(name);
        if (register >= 0) {
            reg[register] = value;
        } else if (segment >= 0) {
            seg[segment] = value;
        } else if (name.equals("fl")) {
            eflags = value;
        } else if (name.equals("eip")) {
            eip = value;
        } else {
            return false;
        }
        return true;
    }

    /** The registers in which this differs from another, EFLAGS apart, as {@code name=value (not value)}. */
    String differences(BoxState expected) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            difference(text, REGISTERS[i], reg[i], expected.reg[i]);
        }
        for (int i = 0; i < 6; i++) {
            difference(text, SEGMENTS[i], seg[i], expected.seg[i]);
        }
        difference(text, "eip", eip, expected.eip);
        return text.toString();
    }

    private static void difference(StringBuilder text, String name, int actual, int expected) {
        if (actual != expected) {
            text.append(String.format(" %s=%x (not %x)", name, expected, actual));
        }
    }
}
