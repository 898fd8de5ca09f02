package trapline.source.qemu;

import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.TrapVector;

/** A trap of a CPU that may not have returned yet. Reused. */
final class OpenTrap {

    /** Behind a trap's frame no code of its handler runs in less than this: pt_regs and the handlers' own frames. */
    private static final long HANDLER_BYTES_MIN_64 = 256;

    private static final long HANDLER_BYTES_MIN_32 = 96;

    /** Kernel stacks are smaller, and not this close to each other. */
    private static final long STACK_BYTES_MAX = 1 << 14;

    /** What the trap was. */
    enum Role {
        /** The int3 of a probe. */
        HIT,
        /** The trap that ended the step of a hit. */
        STEP,
        /** Any other. */
        OTHER
    }

    Role role = Role.OTHER;
    long frame;
    int vector;
    long ip;
    int cs;
    long pushedIp;
    long sp;
    long flags;
    boolean wide;
    final long[] registers = new long[TrapRecord.REGISTERS.length];

    // Of a hit and of its step.
    @Nullable Probe probe;

    boolean reentered;
    long outer;
    int outerStatus;
    Probe.Mechanism mechanism = Probe.Mechanism.ONE_TRAP;
    long hitFlags;

    void begin(TrapRecord trap, long frameId) {
        role = Role.OTHER;
        frame = frameId;
        vector = trap.vector;
        ip = trap.ip;
        cs = trap.cs;
        pushedIp = trap.pushedIp();
        sp = trap.sp;
        flags = trap.flags;
        wide = trap.wide;
        System.arraycopy(trap.registers, 0, registers, 0, registers.length);
        probe = null;
        reentered = false;
        outer = 0;
        outerStatus = 0;
        mechanism = Probe.Mechanism.ONE_TRAP;
        hitFlags = trap.flags;
    }

    /**
     * Whether it has returned, for all that a later trap of its CPU shows: kprobes handles a hit with interrupts off, on the
     * stack that was hit.
     *
     * @param underNmi whether a non-maskable interrupt has come in between, whose code runs on another stack
     */
    boolean isOver(TrapRecord later, boolean underNmi) {
        if (later.isUser() || (later.flags & Eflags.IF) != 0) {
            return true;
        }
        if (role == Role.OTHER) {
            return vector != TrapVector.NMI || isBehind(later);
        }
        boolean farAway = !underNmi && Math.abs(later.sp - sp) > STACK_BYTES_MAX;
        return isBehind(later) || farAway || isPlausiblyLater();
    }

    /** Whether a trap was taken where the stack was no deeper than at this one. */
    private boolean isBehind(TrapRecord later) {
        long deeper = sp - later.sp;
        return deeper > -STACK_BYTES_MAX && deeper < (wide ? HANDLER_BYTES_MIN_64 : HANDLER_BYTES_MIN_32);
    }

    /** Code that ran with interrupts off goes on so: what is hit next may be deeper, and yet be no handler. */
    private boolean isPlausiblyLater() {
        return (hitFlags & Eflags.IF) == 0 && (role == Role.STEP || (probe != null && probe.isKnownForOneTrap()));
    }
}
