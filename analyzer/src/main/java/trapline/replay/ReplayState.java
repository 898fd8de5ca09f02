package trapline.replay;

import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.StreamState;

/**
 * The whole state that a stream of events implies.
 *
 * <pre>
 * state
 * ├─ guest        roles and names: {@link Guest}
 * ├─ stream       step, running CPU, declared variables: {@link StreamState}
 * ├─ cpu[0..]     {@link CpuState}
 * ├─ text         probed text: who is armed, original bytes: {@link TextState}
 * ├─ books        which probes are registered, hashed, armed by kprobes: {@link ProbeBooks}
 * └─ hits, lost   how often a probe hit, and whether events are missing
 * </pre>
 */
public final class ReplayState {

    private final Guest guest;
    private final StreamState stream;
    private final CpuState[] cpus;
    private final TextState text;
    private final ProbeBooks books;
    long kernelBreakpoints;
    long lostEvents;
    boolean lossy;

    /** Returns, from traps or functions, of which the stream has not shown the entry. */
    long strays;

    boolean died;
    boolean bugged;
    /** Ordinal of the first BUG or death, or -1. */
    long deathOrdinal = -1;

    /** How the run ended: see {@link trapline.events.ExpectedEnd}; empty before its end. */
    String end = "";

    boolean halted;
    boolean haltedCleanly;

    /**
     * The state before the first event.
     *
     * @param guest what the tables say
     */
    public ReplayState(Guest guest) {
        this(guest, new StreamState(guest.cpus(), guest.tables().observed()), new TextState(), new ProbeBooks());
    }

    ReplayState(Guest guest, StreamState stream, TextState text, ProbeBooks books) {
        this.guest = guest;
        this.stream = stream;
        this.text = text;
        this.books = books;
        cpus = new CpuState[guest.cpus()];
        boolean inTurn = guest.tables().delivers().contains(EventKind.SWITCH);
        for (int i = 0; i < cpus.length; i++) {
            cpus[i] = new CpuState(i, stream, inTurn);
        }
    }

    /** Roles and names. */
    public Guest guest() {
        return guest;
    }

    /** Number of CPUs. */
    public int cpus() {
        return cpus.length;
    }

    /**
     * A CPU.
     *
     * @param number from 0, below {@link #cpus()}
     */
    public CpuState cpu(int number) {
        return cpus[number];
    }

    /** The CPU whose own variable an event is about; where there is one variable for all, the CPU that stores to it. */
    public CpuState owner(Event e) {
        int element = e.intValue(Variable.ELEMENT);
        return cpus[guest.isPerCpu(e.value(Variable.VARIABLE)) && hasCpu(element) ? element : e.cpu()];
    }

    /** Whether there is a CPU of that number. */
    public boolean hasCpu(int number) {
        return number >= 0 && number < cpus.length;
    }

    /** Probed text. */
    public TextState text() {
        return text;
    }

    /** Which probes are registered, hashed and armed. */
    public ProbeBooks books() {
        return books;
    }

    /** Step of the last event. */
    public long step() {
        return stream.step();
    }

    /** The CPU that runs. */
    public int runningCpu() {
        return stream.runningCpu();
    }

    /** The value of a declared variable; 0 before the first store. */
    public long variable(int row, int element) {
        return stream.variable(row, element);
    }

    /** The value of the first variable of a role, of a CPU's own where it is per CPU; 0 where the guest declares none. */
    public long value(Role role, int cpu) {
        return guest.value(stream, role, cpu);
    }

    /** Number of #BP taken in kernel mode. */
    public long kernelBreakpoints() {
        return kernelBreakpoints;
    }

    /** Whether events are missing, or nested deeper than is kept. */
    public boolean lossy() {
        return lossy;
    }

    /**
     * Whether the run ended by itself (exit or every CPU halted), not by a limit, a defect or the user, and for all that
     * is known its kernel had not died: what is open at such an end would have come to its own.
     */
    public boolean haltedCleanly() {
        return haltedCleanly;
    }

    /** How the run ended, in the words of {@link trapline.events.ExpectedEnd}; empty before its end. */
    public String end() {
        return end;
    }

    /** Ordinal of the first BUG or death of the guest's kernel, or -1. */
    public long deathOrdinal() {
        return deathOrdinal;
    }

    /** The hit that began last of those that are not over; null if all are. */
    public @Nullable Life openHit() {
        Life last = null;
        for (CpuState cpu : cpus) {
            Life life = cpu.lastLife();
            if (life != null && (last == null || life.hitOrdinal() > last.hitOrdinal())) {
                last = life;
            }
        }
        return last;
    }

    /** The hit of the trap that was left last, of those that are known; null if none is. */
    public @Nullable Life lastHit() {
        Life last = null;
        for (CpuState cpu : cpus) {
            Frame closed = cpu.closed();
            Life life = closed == null ? null : closed.life();
            if (life != null && (last == null || life.hitOrdinal() > last.hitOrdinal())) {
                last = life;
            }
        }
        return last;
    }

    /** Whether the end of the run is in the stream. */
    public boolean halted() {
        return halted;
    }

    /** Whether nothing is open on any CPU, and interrupts are enabled. */
    boolean rests() {
        for (CpuState cpu : cpus) {
            if (!cpu.rests()) {
                return false;
            }
        }
        return true;
    }

    StreamState stream() {
        return stream;
    }
}
