package trapline.machine.tape;

import java.util.Arrays;
import trapline.machine.bus.PageMarks;
import trapline.machine.bus.PhysicalMemory;

/**
 * The live trap frames of all CPUs: where each lies and where its saved EFLAGS is.
 *
 * <p>A handler that emulates an instruction which pushes or pops has to move its frame by the words that it makes or
 * takes: it copies the frame, and then stores over the EFLAGS that were there. The frame is where its copy is.
 *
 * <p>A frame opens when a trap is delivered and closes with the IRET that starts at its address. Frames that the guest
 * abandons are forgotten when another frame or a store of a stack that is above them (within the same 4 KiB) shows it.
 */
final class Frames {
    private static final int FIELDS = 18;
    private static final int ID = 0;
    private static final int LINEAR = 1;
    private static final int SLOT_LINEAR = 2;
    private static final int SLOT_PHYSICAL = 3;
    /** Linear and physical address of the stack above it that is watched; 0 where none is. */
    private static final int STACK_LINEAR = 4;

    private static final int STACK_PHYSICAL = 5;

    /** The registers at the trap, in the order of {@link RegisterImage}. */
    private static final int REGISTERS = 6;

    private static final int STACK_BYTES = 128;
    /** CS as pushed. */
    private static final int CS = 16;
    /** Where the CPU pushed it: the IRET may take it from there although it was moved. */
    private static final int PUSHED = 17;

    private static final int SLOT_BYTES = 4;
    /** Of a frame of dwords: EFLAGS from EIP, CS from EIP. */
    private static final int FLAGS_OFFSET = 8;

    private static final int CS_OFFSET = 4;
    /** How far a handler that emulates a push or a pop moves its frame at the most. */
    private static final int SHIFT_MAX = 16;
    /** How far an entry moves it at the most, to make room for the stack pointer that the CPU has not pushed. */
    private static final int COPY_MAX = 64;
    /** More than this many open frames are a guest that never returns; the oldest is forgotten. */
    private static final int LIVE_MAX = 128;

    private final PhysicalMemory memory;
    private int[] fields = new int[16 * FIELDS];
    private int count;
    private int lastId;
    /** By how much the kernel's register images are longer than those without GS, as far as they have shown. */
    private int gsBytes;

    Frames(PhysicalMemory memory) {
        this.memory = memory;
    }

    /**
     * Opens a frame whose EIP is at a linear address and EFLAGS {@code slotOffset} bytes above; returns its id. Where it is
     * guarded, stores to the stack right above it are told too.
     */
    int open(ObservedCpu cpu, int linear, int slotOffset, int cs, boolean guarded) {
        for (int i = count - 1; i >= 0; i--) {
            int distance = linear - get(i, LINEAR);
            boolean below = distance >= 0 && samePage(linear, get(i, LINEAR));
            if (below || Math.abs(distance) < slotOffset + SLOT_BYTES) {
                remove(i);
            }
        }
        if (count == LIVE_MAX) {
            remove(0);
        } else if (count * FIELDS == fields.length) {
            fields = Arrays.copyOf(fields, 2 * fields.length);
        }
        int at = count++ * FIELDS;
        fields[at + ID] = ++lastId;
        fields[at + LINEAR] = linear;
        fields[at + SLOT_LINEAR] = linear + slotOffset;
        long physical = cpu.lookUp(linear + slotOffset);
        fields[at + SLOT_PHYSICAL] = (int) physical;
        keepRegisters(cpu, at + REGISTERS);
        guard(cpu, at, guarded ? linear + slotOffset + SLOT_BYTES : 0);
        fields[at + CS] = cs;
        fields[at + PUSHED] = linear;
        mark(count - 1, true);
        return lastId;
    }

    private void keepRegisters(ObservedCpu cpu, int at) {
        int to = at;
        for (int register : RegisterImage.GENERAL) {
            fields[to++] = cpu.reg(register);
        }
        for (int segment : RegisterImage.SEGMENTS) {
            fields[to++] = cpu.selector(segment);
        }
    }

    /** The part of a page that lies above an address, as far as it is watched. */
    private void guard(ObservedCpu cpu, int at, int linear) {
        long physical = linear == 0 ? -1 : cpu.lookUp(linear);
        boolean known = physical >= 0 && memory.isRam((int) physical);
        fields[at + STACK_LINEAR] = known ? linear : 0;
        fields[at + STACK_PHYSICAL] = known ? (int) physical : 0;
    }

    /** By how much EIP lies further up in register images than where there is no GS in them; bytes. */
    int gsBytes() {
        return gsBytes;
    }

    /** The id of the live frame that a register image has at its end, or 0; whether images have GS shows where one has. */
    int ofImage(int image, ObservedCpu cpu) {
        int frame = gsBytes == 0 ? at(image + RegisterImage.EIP) : 0;
        if (frame == 0) {
            int withGs = image + RegisterImage.EIP_WITH_GS;
            frame = at(withGs);
            frame = frame != 0 ? frame : copiedTo(withGs, cpu);
            gsBytes = frame != 0 ? RegisterImage.GS_BYTES : gsBytes;
        }
        return frame;
    }

    /** The id of the live frame whose EIP is at an address, or 0. */
    private int at(int linear) {
        for (int i = count - 1; i >= 0; i--) {
            if (get(i, LINEAR) == linear) {
                return get(i, ID);
            }
        }
        return 0;
    }

    /**
     * The id of the live frame that was copied to an address a little below it, or 0. Since 5.4 the kernel's entries do so
     * before they call anything, and its handlers know only the copy; the frame is there from now on.
     */
    private int copiedTo(int linear, ObservedCpu cpu) {
        for (int i = count - 1; i >= 0; i--) {
            int from = get(i, LINEAR);
            boolean near = from - linear > 0 && from - linear <= COPY_MAX;
            boolean plain = get(i, SLOT_LINEAR) - from == FLAGS_OFFSET;
            if (near && plain && isCopy(linear, from, cpu) && samePage(linear, linear + FLAGS_OFFSET)) {
                mark(i, false);
                int at = i * FIELDS;
                fields[at + LINEAR] = linear;
                fields[at + SLOT_LINEAR] = linear + FLAGS_OFFSET;
                fields[at + SLOT_PHYSICAL] = (int) cpu.lookUp(linear + FLAGS_OFFSET);
                for (int k = 0; k < count; k++) {
                    mark(k, true);
                }
                return get(i, ID);
            }
        }
        return 0;
    }

    private static boolean isCopy(int copy, int of, ObservedCpu cpu) {
        return cpu.peek32(copy) == cpu.peek32(of)
                && ((cpu.peek32(copy + CS_OFFSET) ^ cpu.peek32(of + CS_OFFSET)) & 0xffff) == 0
                && cpu.peek32(copy + FLAGS_OFFSET) == cpu.peek32(of + FLAGS_OFFSET);
    }

    /** Which registers of an image differ from those that the CPU had at the trap of a live frame: a bit for each. */
    int differing(int id, int image, ObservedCpu cpu) {
        int frame = count - 1;
        while (get(frame, ID) != id) {
            frame--;
        }
        int[] general = RegisterImage.GENERAL;
        int differs = 0;
        for (int i = 0; i < general.length; i++) {
            boolean same = cpu.peek32(image + 4 * i) == get(frame, REGISTERS + i);
            differs |= same ? 0 : 1 << general[i];
        }
        for (int i = 0; i < RegisterImage.SEGMENTS.length; i++) {
            int shown = cpu.peek32(image + 4 * (general.length + i)) & 0xffff;
            differs |= shown == get(frame, REGISTERS + general.length + i) ? 0 : 1 << (8 + i);
        }
        return differs;
    }

    /** The innermost live frame above which the stack at an address is watched; 0 if the stack pointer has passed them. */
    int above(int linear, int size, int esp) {
        for (int i = count - 1; i >= 0; i--) {
            int begin = get(i, STACK_LINEAR);
            boolean holds = begin != 0 && linear - begin < STACK_BYTES && begin - linear < size;
            boolean passed = Integer.compareUnsigned(begin, esp) <= 0 && samePage(begin, esp - 1);
            if (holds && !passed) {
                return get(i, ID);
            }
        }
        return 0;
    }

    /** Closes the frame at a linear address, or that was there before it moved; returns its id, or 0 if there is none. */
    int close(int linear) {
        int found = -1;
        for (int i = count - 1; i >= 0; i--) {
            int distance = Math.abs(linear - get(i, LINEAR));
            if (distance == 0 || linear == get(i, PUSHED)) {
                found = i;
                break;
            }
            if (found < 0 && distance <= SHIFT_MAX) {
                found = i;
            }
        }
        if (found < 0) {
            return 0;
        }
        int id = get(found, ID);
        remove(found);
        return id;
    }

    /**
     * Whether a store to the EFLAGS image of a frame comes of moving it: CS and EFLAGS as they were stand side by side a few
     * words off. The frame is there from now on.
     *
     * @param old the image before the store
     */
    boolean moves(int id, int old) {
        int i = indexOf(id);
        int slot = get(i, SLOT_PHYSICAL);
        if (get(i, SLOT_LINEAR) - get(i, LINEAR) != FLAGS_OFFSET) {
            return false;
        }
        for (int shift = -SHIFT_MAX; shift <= SHIFT_MAX; shift += 4) {
            int flagsAt = slot + shift;
            if (shift != 0
                    && samePage(slot, flagsAt)
                    && samePage(slot, flagsAt - CS_OFFSET)
                    && memory.dword(flagsAt) == old
                    && (memory.dword(flagsAt - CS_OFFSET) & 0xffff) == get(i, CS)) {
                move(i, shift);
                return true;
            }
        }
        return false;
    }

    private void move(int i, int shift) {
        int at = i * FIELDS;
        mark(i, false);
        fields[at + LINEAR] += shift;
        fields[at + SLOT_LINEAR] += shift;
        fields[at + SLOT_PHYSICAL] += shift;
        for (int k = 0; k < count; k++) {
            mark(k, true);
        }
    }

    /**
     * The id of the frame whose EFLAGS image a store hit, or 0. A frame that the stack pointer has passed is dead: its
     * memory is ordinary stack again.
     */
    int hit(int physical, int size, int esp, boolean delivering) {
        for (int i = count - 1; i >= 0; i--) {
            int slot = get(i, SLOT_PHYSICAL);
            if (physical - slot < SLOT_BYTES && slot - physical < size) {
                int linear = get(i, SLOT_LINEAR);
                boolean passed = Integer.compareUnsigned(linear, esp) < 0 && samePage(linear, esp - 1);
                if (!passed && !delivering) {
                    return get(i, ID);
                }
                remove(i);
            }
        }
        return 0;
    }

    /** Physical address of a live frame's EFLAGS image. */
    int slotOf(int id) {
        return get(indexOf(id), SLOT_PHYSICAL);
    }

    private int indexOf(int id) {
        for (int i = count - 1; i >= 0; i--) {
            if (get(i, ID) == id) {
                return i;
            }
        }
        throw new IllegalArgumentException("no live frame " + id);
    }

    private static boolean samePage(int a, int b) {
        return (a ^ b) >>> 12 == 0;
    }

    private int get(int frame, int field) {
        return fields[frame * FIELDS + field];
    }

    private void remove(int frame) {
        mark(frame, false);
        count--;
        System.arraycopy(fields, (frame + 1) * FIELDS, fields, frame * FIELDS, (count - frame) * FIELDS);
        for (int i = 0; i < count; i++) {
            mark(i, true);
        }
    }

    private void mark(int frame, boolean on) {
        mark(PageMarks.FRAME, get(frame, SLOT_PHYSICAL), SLOT_BYTES, on);
        if (get(frame, STACK_LINEAR) != 0) {
            mark(PageMarks.STACK, get(frame, STACK_PHYSICAL), STACK_BYTES, on);
        }
    }

    private void mark(int reason, int physical, int bytes, boolean on) {
        int offset = physical & 0xfff;
        int size = Math.min(bytes, PageMarks.PAGE_BYTES - offset);
        if (!memory.isRam(physical) || !memory.isRam(physical + size - 1)) {
            return;
        }
        PageMarks marks = memory.marksFor(physical);
        if (on) {
            marks.mark(reason, offset, size);
        } else {
            marks.unmark(reason, offset, size);
        }
    }

    /** All of it in ints, for snapshots. */
    int[] copy() {
        int[] state = Arrays.copyOf(fields, count * FIELDS + 2);
        state[count * FIELDS] = gsBytes;
        state[count * FIELDS + 1] = lastId;
        return state;
    }

    /** There are none. */
    void forget() {
        restore(new int[2]);
    }

    void restore(int[] state) {
        for (int i = 0; i < count; i++) {
            mark(i, false);
        }
        count = (state.length - 2) / FIELDS;
        gsBytes = state[state.length - 2];
        lastId = state[state.length - 1];
        fields = Arrays.copyOf(state, Math.max(1, count) * FIELDS);
        for (int i = 0; i < count; i++) {
            mark(i, true);
        }
    }
}
