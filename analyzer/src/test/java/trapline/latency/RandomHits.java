package trapline.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.TrapOrigin;
import trapline.events.TrapVector;

/** Probe hits of every kind that begin, nest and end at random, with NMIs and page faults in between. */
final class RandomHits {
    private static final int DEPTH_MAX = 3;
    private static final int USER_CODE = 0x200000;

    private final SplittableRandom random;
    private final int statusRow;
    private final int currentRow;
    private final List<Event> events = new ArrayList<>();
    private long step;
    private long frames;
    private long current;
    private long status;

    private RandomHits(long seed, int statusRow, int currentRow) {
        this.random = new SplittableRandom(seed);
        this.statusRow = statusRow;
        this.currentRow = currentRow;
    }

    /**
     * Makes a run.
     *
     * @param hits number of hits that are in no other's life
     * @param statusRow place of kprobe_status in the observation table
     * @param currentRow place of current_kprobe there
     */
    static List<Event> events(long seed, int hits, int statusRow, int currentRow) {
        RandomHits made = new RandomHits(seed, statusRow, currentRow);
        for (int i = 0; i < hits; i++) {
            made.hit(0);
        }
        return made.events;
    }

    private void hit(int depth) {
        long address = 0x104000L + 0x20L * random.nextInt(8);
        long frame = trap(TrapVector.BP, address, address + 1, TrapOrigin.INSTRUCTION);
        noise(depth);
        int kind = random.nextInt(current == 0 ? 9 : 8); // a jprobe within another's life would not be told from a hit
        if (kind < 3) { // somebody else's, gone, or sent elsewhere without a probe
            iret(frame, kind == 0 ? address + 1 : kind == 1 ? address : 0x105800, false);
            return;
        }
        long before = current;
        current(0x30000L + 0x100L * random.nextInt(3));
        status(before == 0 ? KprobeStatus.KPROBE_HIT_ACTIVE : KprobeStatus.KPROBE_REENTER);
        noise(depth);
        switch (kind) {
            case 3, 4 -> {
                current(before);
                iret(frame, address + 3, false);
            }
            case 8 -> handOver(frame, address, before, depth);
            default -> {
                status(before == 0 ? KprobeStatus.KPROBE_HIT_SS : KprobeStatus.KPROBE_REENTER);
                iret(frame, 0x110000, true);
                step(address, before, depth);
            }
        }
    }

    /** As a jprobe does it: the probe stays current until a second int3. */
    private void handOver(long frame, long address, long before, int depth) {
        status(KprobeStatus.KPROBE_HIT_ACTIVE);
        iret(frame, 0x106000, false);
        tick();
        long back = trap(TrapVector.BP, 0x106010, 0x106011, TrapOrigin.INSTRUCTION);
        if (random.nextBoolean()) {
            current(before);
            iret(back, address + 2, false);
        } else {
            status(KprobeStatus.KPROBE_HIT_SS);
            iret(back, 0x110000, true);
            step(address, before, depth);
        }
    }

    /** What follows the IRET into the slot: the trap after the step, a fault, or a fault of other code. */
    private void step(long address, long before, int depth) {
        if (depth < DEPTH_MAX && random.nextInt(6) == 0) {
            nmi(depth);
        }
        int how = random.nextInt(8);
        boolean faults = how < 3;
        long frame = faults
                ? trap(TrapVector.PF, how == 0 ? USER_CODE : 0x110000, 0x110000, TrapOrigin.INSTRUCTION)
                : trap(TrapVector.DB, 0x110000, 0x110003, TrapOrigin.INSTRUCTION);
        if (!faults && random.nextInt(4) == 0) {
            fault();
        }
        current(before);
        iret(frame, faults ? address : address + 3, false);
    }

    /** What may come at any time in a handler: page faults, hits in another's life, NMIs with hits of their own. */
    private void noise(int depth) {
        int what = random.nextInt(8);
        if (what == 0) {
            fault();
        } else if (what < 3 && depth < DEPTH_MAX) {
            hit(depth + 1);
        } else if (what == 3 && depth < DEPTH_MAX) {
            nmi(depth);
        }
    }

    private void nmi(int depth) {
        long frame = trap(TrapVector.NMI, 0x104100, 0x104100, TrapOrigin.EXTERNAL);
        if (random.nextBoolean()) {
            hit(depth + 1);
        }
        iret(frame, 0x104100, false);
    }

    private void fault() {
        long frame = trap(TrapVector.PF, 0x105010, 0x105010, TrapOrigin.INSTRUCTION);
        iret(frame, 0x105010, false);
    }

    private void tick() {
        step += 1 + random.nextInt(40);
    }

    private Event event(EventKind kind, long eip) {
        tick();
        Event event = new Event().begin(kind, step, 0, eip).ordinal(events.size());
        events.add(event);
        return event;
    }

    private long trap(int vector, long eip, long ip, TrapOrigin origin) {
        event(EventKind.TRAP_ENTRY, eip)
                .set(TrapEntry.VECTOR, vector)
                .set(TrapEntry.CS, 8)
                .set(TrapEntry.IP, ip)
                .set(TrapEntry.EFLAGS, Eflags.FIXED)
                .set(TrapEntry.ORIGIN, origin.code())
                .set(TrapEntry.FRAME, ++frames);
        return frames;
    }

    private void iret(long frame, long ip, boolean tf) {
        event(EventKind.TRAP_EXIT, 0x100510)
                .set(TrapExit.CS, 8)
                .set(TrapExit.IP, ip)
                .set(TrapExit.EFLAGS, tf ? Eflags.FIXED | Eflags.TF : Eflags.FIXED)
                .set(TrapExit.FRAME, frame);
    }

    private void current(long now) {
        variable(EventKind.CURRENT_KPROBE, currentRow, current, now);
        current = now;
    }

    private void status(long now) {
        variable(EventKind.KPROBE_STATUS, statusRow, status, now);
        status = now;
    }

    private void variable(EventKind kind, int row, long old, long now) {
        event(kind, 0x101030).set(Variable.VARIABLE, row).set(Variable.OLD, old).set(Variable.NEW, now);
    }
}
