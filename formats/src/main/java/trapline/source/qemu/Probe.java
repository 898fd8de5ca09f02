package trapline.source.qemu;

import org.jspecify.annotations.Nullable;

/** A probe of the kernel's list, and what was derived about it. */
public final class Probe {

    /** How a hit went on after its #BP. */
    public enum Mechanism {
        /** The slot ended in a #DB: TF was set. */
        TF(0, "stepped by TF"),
        /** The slot ended in a second int3. */
        INT3(1, "stepped by a second int3"),
        /** No second trap: the slot ended in a jump back, or the handler did what the instruction does. */
        ONE_TRAP(2, "boosted or emulated: one trap"),
        /** The instruction in the slot faulted. */
        FAULT(3, "cancelled by a fault");

        private final int code;
        private final String words;

        Mechanism(int code, String words) {
            this.code = code;
            this.words = words;
        }

        /** The value of the mark that says it of a hit. */
        public int code() {
            return code;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    private final long address;
    private final String place;
    private final boolean byFtrace;
    private String name = "";
    private long kernelHits = -1;
    private long kernelMissed = -1;
    long hits;
    long missed;
    long faults;
    private final long[] byMechanism = new long[Mechanism.values().length];

    /** Where its copy of the instruction is, once a second trap has shown it; else 0. */
    long slot;

    Probe(long address, String place, boolean byFtrace) {
        this.address = address;
        this.place = place;
        this.byFtrace = byFtrace;
    }

    /** Address of the probed instruction. */
    public long address() {
        return address;
    }

    /** Symbol and offset. */
    public String place() {
        return place;
    }

    /** Whether the kernel hooks it by ftrace: it has no int3, and the log cannot show its hits. */
    public boolean byFtrace() {
        return byFtrace;
    }

    /** Name of its event, or its place where that is not known. */
    public String name() {
        return name.isEmpty() ? place : name;
    }

    boolean isNamed() {
        return !name.isEmpty();
    }

    void named(String event) {
        name = name.isEmpty() ? event : name;
    }

    void counted(long kernelHitCount, long kernelMissedCount) {
        kernelHits = kernelHitCount;
        kernelMissed = kernelMissedCount;
    }

    /** Hits derived from the log whose handlers ran. */
    public long hits() {
        return hits;
    }

    /** Hits derived from the log whose handlers were suppressed. */
    public long missed() {
        return missed;
    }

    /**
     * Page and protection faults that its handlers took. Kernels before 5.14 count each as a miss too
     * (kprobe_fault_handler()).
     */
    public long faults() {
        return faults;
    }

    /** What the kernel counted, or null where that is not known. */
    public @Nullable Long kernelHits() {
        return kernelHits < 0 ? null : kernelHits;
    }

    /** What the kernel counted as missed, or null where that is not known. */
    public @Nullable Long kernelMissed() {
        return kernelMissed < 0 ? null : kernelMissed;
    }

    /** Whether the kernel counted something else than was derived. */
    public boolean disagrees() {
        boolean sameMissed = kernelMissed == missed || kernelMissed == missed + faults;
        return !byFtrace && kernelHits >= 0 && (kernelHits != hits || !sameMissed);
    }

    /** How many of its hits went on that way. */
    public long by(Mechanism mechanism) {
        return byMechanism[mechanism.code()];
    }

    void went(Mechanism mechanism) {
        byMechanism[mechanism.code()]++;
    }

    /** Whether all its hits so far had one trap. */
    boolean isKnownForOneTrap() {
        return by(Mechanism.ONE_TRAP) > 0 && by(Mechanism.INT3) + by(Mechanism.TF) == 0;
    }
}
