package trapline.replay;

import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.TrapEntry;
import trapline.events.TrapOrigin;

/** A live trap frame of a CPU, or the one that was closed last. Reused: copy what must last. */
public final class Frame {

    /** VM bit of a pushed EFLAGS image: the trap came from virtual-8086 mode. */
    private static final long VM = 1L << 17;

    long id;
    int vector;
    long trapIp;
    long ip;
    long pushedEflags;
    long image;
    long esp;
    long dr6;
    long entryOrdinal;
    long entryStep;
    long entryIcount;
    long current;
    int status;
    long preempt;
    boolean user;
    boolean external;
    long tfWriter = -1;
    long ifWriter = -1;
    long tfWriterEip;
    long ifWriterEip;
    long hookOrdinal = -1;
    long hookEip;

    @Nullable Life hit;

    @Nullable Life serves;

    boolean livesKnown;
    boolean statusKnown;

    void enter(Event e, CpuState cpu) {
        id = e.value(TrapEntry.FRAME);
        vector = e.intValue(TrapEntry.VECTOR);
        trapIp = e.ip();
        ip = e.value(TrapEntry.IP);
        pushedEflags = e.value(TrapEntry.EFLAGS);
        image = pushedEflags;
        esp = e.value(TrapEntry.ESP);
        dr6 = e.value(TrapEntry.DR6);
        entryOrdinal = e.ordinal();
        entryStep = e.step();
        entryIcount = cpu.icount();
        current = cpu.current();
        livesKnown = cpu.livesKnown;
        statusKnown = cpu.statusKnown;
        status = cpu.status();
        preempt = cpu.preemptByKprobes;
        user = (e.value(TrapEntry.CS) & 3) != 0 || (pushedEflags & VM) != 0;
        external = e.value(TrapEntry.ORIGIN) != TrapOrigin.INSTRUCTION.code();
        tfWriter = -1;
        ifWriter = -1;
        hookOrdinal = -1;
        hookEip = 0;
        hit = null;
        serves = null;
    }

    /** The hit that its trap began, or else that it serves; null if none. */
    public @Nullable Life life() {
        return hit != null ? hit : serves;
    }

    /** Id of the frame in its journal. */
    public long id() {
        return id;
    }

    /** Trap vector. */
    public int vector() {
        return vector;
    }

    /** Address of the instruction at which the trap was taken. */
    public long trapIp() {
        return trapIp;
    }

    /** The pushed ip. */
    public long ip() {
        return ip;
    }

    /** EFLAGS as pushed by the trap. */
    public long pushedEflags() {
        return pushedEflags;
    }

    /** The saved EFLAGS image as it is now. */
    public long image() {
        return image;
    }

    /** ESP as pushed, or as it was before the trap. */
    public long esp() {
        return esp;
    }

    /** DR6 at the trap; 0 where the trap does not define it. */
    public long dr6() {
        return dr6;
    }

    /** Ordinal of the trap_entry. */
    public long entryOrdinal() {
        return entryOrdinal;
    }

    /** Step of the trap_entry. */
    public long entryStep() {
        return entryStep;
    }

    /** Instructions retired on this CPU before the trap. */
    public long entryIcount() {
        return entryIcount;
    }

    /** current_kprobe when the trap was taken. */
    public long currentAtEntry() {
        return current;
    }

    /** kprobe_status when the trap was taken. */
    public int statusAtEntry() {
        return status;
    }

    /** Whether the trap came from user mode or virtual-8086 mode. */
    public boolean fromUser() {
        return user;
    }

    /** Whether the trap was raised from outside: by a device, another CPU or the scenario. */
    public boolean external() {
        return external;
    }

    /** Ordinal of the last event that changed TF in the image, or -1. */
    public long tfWriter() {
        return tfWriter;
    }

    /** Ordinal of the last event that changed IF in the image, or -1. */
    public long ifWriter() {
        return ifWriter;
    }

    /** Address of the code that last changed TF in the image. */
    public long tfWriterEip() {
        return tfWriterEip;
    }

    /** Address of the code that last changed IF in the image. */
    public long ifWriterEip() {
        return ifWriterEip;
    }

    /** Ordinal of the last return of kprobes' own handler in this frame, or -1. */
    public long hookOrdinal() {
        return hookOrdinal;
    }

    /** Address of the code from which kprobes' own handler last returned in this frame; 0 if it has not. */
    public long hookEip() {
        return hookEip;
    }

    /** The probe hit that this #BP frame began, or null. */
    public @Nullable Life hit() {
        return hit;
    }

    /** The life whose step this trap ended (its #DB, its fault, or its own int3), or null. */
    public @Nullable Life serves() {
        return serves;
    }

    /** Whether all hits that were not over at its entry are known; behind lost events some may not be. */
    public boolean livesKnown() {
        return livesKnown;
    }

    /** Whether kprobe_status was known at its entry; behind lost events it may not be. */
    public boolean statusKnown() {
        return statusKnown;
    }
}
