package trapline.source.qemu;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Halt;
import trapline.events.EventFields.Lost;
import trapline.events.EventFields.Note;
import trapline.events.EventFields.Registers;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.HaltReason;
import trapline.events.KprobeStatus;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.TrapOrigin;
import trapline.events.TrapVector;
import trapline.source.kernel.Oops;

/**
 * Writes traps, and what was derived of them, as events. The observation table has the status and the current probe of each
 * CPU and every probe, whose address is that of the probed instruction: where its struct kprobe lies the log does not
 * show.
 */
final class TrapEvents implements LogListener, HitListener {

    private static final String STATUS = "kprobe_status";
    private static final String CURRENT = "current_kprobe";

    private static final int STATUS_ROW = 0;
    private static final int CURRENT_ROW = 1;

    /** Kinds that are seen, not derived. */
    static List<EventKind> delivers(Set<String> watched) {
        Set<EventKind> kinds = EnumSet.of(
                EventKind.TRAP_ENTRY,
                EventKind.MARK,
                EventKind.DIE,
                EventKind.HALT,
                EventKind.REGISTERS,
                EventKind.REGISTERS64);
        if (watched.contains(STATUS)) {
            kinds.add(EventKind.KPROBE_STATUS);
        }
        if (watched.contains(CURRENT)) {
            kinds.add(EventKind.CURRENT_KPROBE);
        }
        return List.copyOf(kinds);
    }

    /** Notes that are kept as marks; a file that is no log has millions of other lines. */
    private static final int NOTES_MAX = 1000;

    private final EventConsumer out;
    private final CpuNumbers cpus;
    private final HitDeriver[] derivers;
    private final long[] current;
    private final int[] status;
    private final Event event = new Event();
    private final boolean statusWatched;
    private final boolean currentWatched;
    /** The probe of each struct kprobe, as the store after its hit has shown. */
    private final Map<Long, Long> probeOfStruct = new HashMap<>();

    private @Nullable Oops oops;
    private boolean died;
    private long hitAddress;
    private long frames;
    private long step;

    private long losses;
    private long notes;
    private final long[] byVector = new long[256];

    /**
     * Begins a stream.
     *
     * @param watched variables whose stores are in the log: these are not derived
     */
    TrapEvents(CpuNumbers cpus, Probes probes, Set<String> watched, EventConsumer out) {
        statusWatched = watched.contains(STATUS);
        currentWatched = watched.contains(CURRENT);
        this.out = out;
        this.cpus = cpus;
        derivers = new HitDeriver[cpus.room()];
        current = new long[cpus.room()];
        status = new int[cpus.room()];
        for (int cpu = 0; cpu < derivers.length; cpu++) {
            derivers[cpu] = new HitDeriver(cpu, probes, this);
        }
    }

    /** The observation table for a list of probes. */
    static List<Observed> observed(Probes probes, int cpus) {
        List<Observed> rows = new ArrayList<>();
        rows.add(new Observed(ObservedKind.STATUS, STATUS, 0, 4, 0, cpus));
        rows.add(new Observed(ObservedKind.CURRENT, CURRENT, 0, 8, 0, cpus));
        for (Probe probe : probes.all()) {
            rows.add(new Observed(ObservedKind.PROBE, probe.name(), probe.address(), 1, 0, 1));
        }
        return rows;
    }

    /** Traps of a vector. */
    long count(int vector) {
        return byVector[vector];
    }

    /** Gaps so far. */
    long losses() {
        return losses;
    }

    @Override
    public void trap(TrapRecord trap) {
        int cpu = cpus.of(trap);
        if (cpu < 0) {
            lost(1, "one CPU more than was said");
            return;
        }

        byVector[trap.vector]++;
        frames++;
        hitAddress = 0;
        derivers[cpu].trap(trap, frames);
        step++;
    }

    @Override
    public void lost(long count, String why) {
        losses++;
        step += Math.max(count, 0);
        for (int cpu = 0; cpu < derivers.length; cpu++) {
            derivers[cpu].lost();
        }

        out.accept(event.begin(EventKind.LOST, step, 0, 0)
                .set(Lost.COUNT, count)
                .set(Lost.UNTIL, step)
                .text(why));
    }

    @Override
    public void note(String text) {
        notes++;
        if (notes <= NOTES_MAX) {
            mark(0, 0, 0, text);
        }
    }

    /** Tells what the kernel printed when it died. */
    void died(@Nullable Oops lastWords) {
        oops = lastWords;
    }

    /** Ends the stream. */
    void end() {
        if (oops != null && !died) {
            die(0, 0, oops.headline());
        }
        if (notes > NOTES_MAX) {
            mark(0, 0, 0, (notes - NOTES_MAX) + " further lines that are no traps");
        }
        out.accept(event.begin(EventKind.HALT, step, 0, 0)
                .set(Halt.REASON, HaltReason.SOURCE_END.code())
                .set(Halt.CODE, 0));
    }

    private void mark(int cpu, long ip, long value, String text) {
        out.accept(event.begin(EventKind.MARK, step, cpu, ip)
                .set(Note.VALUE, value)
                .text(text));
    }

    @Override
    public void entered(int cpu, TrapRecord trap, OpenTrap entry) {
        boolean external = trap.vector == TrapVector.NMI || (trap.vector >= 32 && !trap.software);
        out.accept(event.begin(EventKind.TRAP_ENTRY, step, cpu, trap.ip)
                .set(TrapEntry.VECTOR, trap.vector)
                .set(TrapEntry.ERROR, pushesError(trap.vector) && !trap.software ? trap.error : -1)
                .set(TrapEntry.CS, trap.cs)
                .set(TrapEntry.IP, trap.pushedIp())
                .set(TrapEntry.EFLAGS, trap.flags)
                .set(TrapEntry.ESP, trap.sp)
                .set(TrapEntry.ADDRESS, trap.vector == TrapVector.PF ? trap.cr2 : 0)
                .set(TrapEntry.DR6, trap.vector == TrapVector.DB ? trap.dr6 : 0)
                .set(TrapEntry.ORIGIN, (external ? TrapOrigin.EXTERNAL : TrapOrigin.INSTRUCTION).code())
                .set(TrapEntry.FRAME, entry.frame));
        registers(EventKind.REGISTERS, cpu, trap, 0);
        if (trap.wide) {
            registers(EventKind.REGISTERS64, cpu, trap, Registers.COUNT);
        }
        die(cpu, trap);
    }

    /** The kernel's last words belong to the trap that has the registers which they tell. */
    private void die(int cpu, TrapRecord trap) {
        Oops last = oops;
        if (last == null || died || trap.isUser() || last.vector() != trap.vector) {
            return;
        }
        Long sp = last.register("sp");
        Long ax = last.register("ax");
        boolean sameFlags = ((last.flags() ^ trap.flags) & ~Eflags.RF) == 0;
        if (sameFlags && sp != null && sp == trap.sp && ax != null && ax == trap.registers[0]) {
            died = true;
            die(cpu, trap.ip, last.headline());
        }
    }

    private void die(int cpu, long ip, String why) {
        out.accept(event.begin(EventKind.DIE, step, cpu, ip).set(Note.VALUE, 0).text(why));
    }

    private void registers(EventKind kind, int cpu, TrapRecord trap, int first) {
        event.begin(kind, step, cpu, trap.ip);
        for (int i = 0; i < Registers.COUNT; i++) {
            event.set(i, trap.registers[first + i]);
        }
        out.accept(event);
    }

    private static boolean pushesError(int vector) {
        return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
    }

    @Override
    public void hit(int cpu, OpenTrap hit, Probe probe) {
        hitAddress = probe.address();
        hit.outer = current[cpu];
        hit.outerStatus = status[cpu];
        setCurrent(cpu, hit.ip, probe.address());
        setStatus(cpu, hit.ip, hit.reentered ? KprobeStatus.KPROBE_REENTER : KprobeStatus.KPROBE_HIT_ACTIVE);
    }

    @Override
    public void stepped(int cpu, OpenTrap hit, Probe probe, long slot) {
        if (!hit.reentered) {
            setStatus(cpu, hit.ip, KprobeStatus.KPROBE_HIT_SS);
        }
        long flags = (hit.flags & ~Eflags.IF) | (hit.mechanism == Probe.Mechanism.TF ? Eflags.TF : 0);
        exit(cpu, hit, slot, flags);
    }

    @Override
    public void completed(int cpu, OpenTrap last, Probe probe) {
        boolean stepped = last.role == OpenTrap.Role.STEP;
        if (!last.reentered && last.mechanism == Probe.Mechanism.INT3) {
            setStatus(cpu, last.ip, KprobeStatus.KPROBE_HIT_SSDONE);
        }
        setCurrent(cpu, last.ip, last.outer);
        if (last.reentered) {
            setStatus(cpu, last.ip, last.outerStatus);
        }
        long ip = !stepped || last.mechanism == Probe.Mechanism.FAULT
                ? probe.address()
                : probe.address() + (last.ip - probe.slot);
        exit(cpu, last, ip, (last.flags & ~(long) Eflags.TF) | (last.hitFlags & Eflags.IF));
        mark(
                cpu,
                probe.address(),
                last.mechanism.code(),
                (last.reentered ? "missed, " : "hit, ") + last.mechanism.words());
    }

    @Override
    public void returned(int cpu, OpenTrap trap) {
        exit(cpu, trap, trap.pushedIp, trap.flags);
    }

    private void exit(int cpu, OpenTrap trap, long ip, long flags) {
        out.accept(event.begin(EventKind.TRAP_EXIT, step, cpu, trap.ip)
                .set(TrapExit.IP, ip)
                .set(TrapExit.CS, trap.cs)
                .set(TrapExit.EFLAGS, flags)
                .set(TrapExit.ESP, trap.sp)
                .set(TrapExit.FRAME, trap.frame));
    }

    @Override
    public void watched(WatchLine change) {
        switch (change.name()) {
            case STATUS -> variable(EventKind.KPROBE_STATUS, STATUS_ROW, 0, change.ip(), change.old(), change.now());
            case CURRENT -> currentStored(change);
            default -> {
                FlagCause cause = change.flagCause();
                if (cause == null) {
                    mark(0, change.ip(), change.now(), change.name());
                } else {
                    flags(change, cause, cause == FlagCause.FRAME ? derivers[0].innermostFrame() : 0);
                }
            }
        }
    }

    private void currentStored(WatchLine change) {
        long old = probe(change.old(), false);
        long now = probe(change.now(), true);
        variable(EventKind.CURRENT_KPROBE, CURRENT_ROW, 0, change.ip(), old, now);
        current[0] = now;
        if (now != old) {
            derivers[0].restored(now);
        }
    }

    private void flags(WatchLine change, FlagCause cause, long frame) {
        out.accept(event.begin(EventKind.EFLAGS_WRITE, step, 0, change.ip())
                .set(EflagsWrite.OLD, change.old())
                .set(EflagsWrite.NEW, change.now())
                .set(EflagsWrite.CAUSE, cause.code())
                .set(EflagsWrite.FRAME, frame));
    }

    /** The address of the probed instruction, by which the table knows a probe, for its struct kprobe. */
    private long probe(long struct, boolean isHit) {
        if (struct != 0 && isHit && hitAddress != 0) {
            probeOfStruct.put(struct, hitAddress);
            hitAddress = 0;
        }
        return probeOfStruct.getOrDefault(struct, struct);
    }

    private void setCurrent(int cpu, long ip, long probe) {
        if (currentWatched) {
            return;
        }
        variable(EventKind.CURRENT_KPROBE, CURRENT_ROW, cpu, ip, current[cpu], probe);
        current[cpu] = probe;
    }

    private void setStatus(int cpu, long ip, int now) {
        if (statusWatched) {
            return;
        }
        variable(EventKind.KPROBE_STATUS, STATUS_ROW, cpu, ip, status[cpu], now);
        status[cpu] = now;
    }

    private void variable(EventKind kind, int row, int cpu, long ip, long old, long now) {
        int element = cpus.room() > 1 ? cpu : 0;
        out.accept(event.begin(kind, step, cpu, ip)
                .set(Variable.VARIABLE, row)
                .set(Variable.ELEMENT, element)
                .set(Variable.OLD, old)
                .set(Variable.NEW, now));
    }
}
