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
    private static final int FIELDS = 5;
    private static final int ID = 0;
    private static final int LINEAR = 1;
    private static final int SLOT_LINEAR = 2;
    private static final int SLOT_PHYSICAL = 3;
    /** CS as pushed. */
    private static final int CS = 4;

    private static final int SLOT_BYTES = 4;
    /** Of a frame of dwords: EFLAGS from EIP, CS from EIP. */
    private static final int FLAGS_OFFSET = 8;

    private static final int CS_OFFSET = 4;
    /** How far a handler that emulates a push or a pop moves its frame at the most. */
    private static final int SHIFT_MAX = 16;
    /** More than this many open frames are a guest that never returns; the oldest is forgotten. */
    private static final int LIVE_MAX = 128;

    private final PhysicalMemory memory;
    private int[] fields = new int[16 * FIELDS];
    private int count;
    private int lastId;

    Frames(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** Opens a frame whose EIP is at a linear address and EFLAGS {@code slotOffset} bytes above; returns its id. */
    int open(ObservedCpu cpu, int linear, int slotOffset, int cs) {
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
        fields[at + CS] = cs;
        mark((int) physical, true);
        return lastId;
    }

    /** Closes the frame at a linear address, or that was there before it moved; returns its id, or 0 if there is none. */
    int close(int linear) {
        int found = -1;
        for (int i = count - 1; i >= 0; i--) {
            int distance = Math.abs(linear - get(i, LINEAR));
            if (distance == 0) {
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
        mark(fields[at + SLOT_PHYSICAL], false);
        fields[at + LINEAR] += shift;
        fields[at + SLOT_LINEAR] += shift;
        fields[at + SLOT_PHYSICAL] += shift;
        for (int k = 0; k < count; k++) {
            mark(get(k, SLOT_PHYSICAL), true);
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
        int slot = get(frame, SLOT_PHYSICAL);
        count--;
        System.arraycopy(fields, (frame + 1) * FIELDS, fields, frame * FIELDS, (count - frame) * FIELDS);
        mark(slot, false);
        for (int i = 0; i < count; i++) {
            mark(get(i, SLOT_PHYSICAL), true);
        }
    }

    private void mark(int slot, boolean on) {
        if (!memory.isRam(slot) || !memory.isRam(slot + SLOT_BYTES - 1)) {
            return;
        }
        int offset = slot & 0xfff;
        int size = Math.min(SLOT_BYTES, PageMarks.PAGE_BYTES - offset);
        PageMarks marks = memory.marksFor(slot);
        if (on) {
            marks.mark(PageMarks.FRAME, offset, size);
        } else {
            marks.unmark(PageMarks.FRAME, offset, size);
        }
    }

    /** All of it in ints, for snapshots. */
    int[] copy() {
        int[] state = Arrays.copyOf(fields, count * FIELDS + 1);
        state[count * FIELDS] = lastId;
        return state;
    }

    void restore(int[] state) {
        for (int i = 0; i < count; i++) {
            mark(get(i, SLOT_PHYSICAL), false);
        }
        count = (state.length - 1) / FIELDS;
        lastId = state[state.length - 1];
        fields = Arrays.copyOf(state, Math.max(1, count) * FIELDS);
        for (int i = 0; i < count; i++) {
            mark(get(i, SLOT_PHYSICAL), true);
        }
    }
}
