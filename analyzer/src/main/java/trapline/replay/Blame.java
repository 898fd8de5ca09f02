package trapline.replay;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.Observed;
import trapline.events.TrapVector;

/**
 * Who wrote something last, and the chain back: the IRET that loaded a flag, the store into the frame that the IRET
 * loaded it from, the trap that made the frame, and so on. A listener that looks at everything up to a step.
 *
 * <pre>
 * register ◄─ iret ◄─ frame image ◄─ store by a handler ◄─ kprobe_saved_eflags, or the #BP
 *                          └───────◄─ trap that pushed it ◄─ register before
 * </pre>
 */
public final class Blame extends ReplayListener {

    /** Links that a chain keeps. */
    static final int CHAIN_MAX = 12;

    /** A link of the chain: an event, and what it did. */
    public record Link(Event event, String what) {}

    /** What can be asked for. */
    public enum What {
        TF,
        IF,
        STATUS,
        CURRENT,
        NMISSED,
        PREEMPT,
        TEXT
    }

    private final What what;
    private final long address;
    private final String probe;
    private final long untilStep;
    private final int cpu;
    private List<Link> register = List.of();
    private List<Link> saved = List.of();
    private List<Link> answer = List.of();
    private final List<List<Link>> frames = new ArrayList<>();
    private final List<List<Link>> traps = new ArrayList<>();

    /**
     * A question.
     *
     * @param what what was written
     * @param cpu CPU whose flag or variable it is
     * @param untilStep the last step that counts
     * @param address for TEXT: the address
     * @param probe for NMISSED: name of the probe, or empty for any
     */
    public Blame(What what, int cpu, long untilStep, long address, String probe) {
        this.what = what;
        this.cpu = cpu;
        this.untilStep = untilStep;
        this.address = address;
        this.probe = probe;
    }

    /** The chain, the last writer first; empty if nobody wrote it. */
    public List<Link> chain() {
        return what == What.TF || what == What.IF ? register : answer;
    }

    @Override
    public Set<EventKind> kinds() {
        return EnumSet.of(
                EventKind.EFLAGS_WRITE,
                EventKind.TRAP_ENTRY,
                EventKind.TRAP_EXIT,
                EventKind.KPROBE_STATUS,
                EventKind.CURRENT_KPROBE,
                EventKind.WATCH,
                EventKind.TEXT_WRITE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (e.step() > untilStep) {
            return;
        }
        switch (e.kind()) {
            case TEXT_WRITE -> text(e, state);
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> variable(e, state);
            default -> {
                if (e.cpu() == cpu) {
                    flags(e, state);
                }
            }
        }
    }

    private void flags(Event e, ReplayState state) {
        switch (e.kind()) {
            case TRAP_ENTRY -> trapEntry(e, state);
            case TRAP_EXIT -> trapExit(e, state);
            default -> eflags(e, state);
        }
    }

    private static List<Link> link(Event e, String text, List<Link> before) {
        List<Link> chain = new ArrayList<>();
        chain.add(new Link(e.copy(), text));
        chain.addAll(before.subList(0, Math.min(before.size(), CHAIN_MAX - 1)));
        return List.copyOf(chain);
    }

    private long mask() {
        return what == What.IF ? Eflags.IF : Eflags.TF;
    }

    private void trapEntry(Event e, ReplayState state) {
        CpuState of = state.cpu(cpu);
        while (frames.size() >= of.depth() && !frames.isEmpty()) {
            frames.remove(frames.size() - 1);
            traps.remove(traps.size() - 1);
        }
        while (frames.size() < of.depth() - 1) {
            frames.add(List.of());
            traps.add(List.of());
        }
        frames.add(link(e, "the trap pushes the flags", register));
        String taken = TrapVector.name(e.intValue(TrapEntry.VECTOR)) + " in whose handling that happens";
        traps.add(link(e, "the " + taken, traps.isEmpty() ? List.of() : traps.get(traps.size() - 1)));
    }

    private void trapExit(Event e, ReplayState state) {
        int level = state.cpu(cpu).depth();
        Frame closed = state.cpu(cpu).closed();
        if (closed != null && closed.id() == e.value(TrapExit.FRAME) && level < frames.size()) {
            register = link(e, "the IRET loads the flags from the frame", frames.get(level));
            while (frames.size() > level) {
                frames.remove(frames.size() - 1);
                traps.remove(traps.size() - 1);
            }
        }
    }

    private void eflags(Event e, ReplayState state) {
        long changed = (e.value(EflagsWrite.OLD) ^ e.value(EflagsWrite.NEW)) & mask();
        long cause = e.value(EflagsWrite.CAUSE);
        if (cause == FlagCause.FRAME.code()) {
            int level = level(state.cpu(cpu), e.value(EflagsWrite.FRAME));
            if (changed != 0 && level >= 0 && level < frames.size()) {
                boolean restored = (e.value(EflagsWrite.NEW) & state.cpu(cpu).savedEflags() & mask()) != 0;
                List<Link> before = restored && !saved.isEmpty() ? saved : frames.get(level);
                frames.set(
                        level,
                        link(e, state.guest().place(e.ip()) + " stores into the saved flags of the frame", before));
            }
        } else if (changed != 0 && cause != FlagCause.IRET.code()) {
            String by = cause == FlagCause.GATE.code() ? "the gate clears it" : "the instruction writes it";
            register = link(e, by, cause == FlagCause.GATE.code() ? register : List.of());
        }
    }

    private static int level(CpuState cpu, long frame) {
        for (int level = cpu.depth() - 1; level >= 0; level--) {
            if (cpu.frame(level).id() == frame) {
                return level;
            }
        }
        return -1;
    }

    private void variable(Event e, ReplayState state) {
        long row = e.value(Variable.VARIABLE);
        Role role = state.guest().role(row);
        if (!isOfTheCpu(e, state, row)) {
            return;
        }
        List<Link> trap = e.cpu() == cpu && !traps.isEmpty() ? traps.get(traps.size() - 1) : List.of();
        String by = state.guest().place(e.ip()) + " stores " + state.guest().rowName(row);
        if (role == Role.SAVED_EFLAGS) {
            saved = link(e, by, trap);
        }
        boolean asked = switch (what) {
            case STATUS -> role == Role.STATUS;
            case CURRENT -> role == Role.CURRENT;
            case PREEMPT -> role == Role.PREEMPT_COUNT;
            case NMISSED -> role == Role.NMISSED && (probe.isEmpty() || probe.equals(suffix(state, row)));
            default -> false;
        };
        if (asked) {
            answer = link(e, by, trap);
        }
    }

    /** A variable of which each CPU has its own counts for that CPU, whoever stores it; one that all share for all. */
    private boolean isOfTheCpu(Event e, ReplayState state, long row) {
        List<Observed> rows = state.guest().tables().observed();
        boolean perCpu = row >= 0 && row < rows.size() && rows.get((int) row).count() > 1;
        return !perCpu || e.value(Variable.ELEMENT) == cpu;
    }

    private static @Nullable String suffix(ReplayState state, long row) {
        return Role.suffix(state.guest().tables().observed().get((int) row));
    }

    private void text(Event e, ReplayState state) {
        long from = e.value(TextWrite.ADDRESS);
        if (what == What.TEXT && address >= from && address - from < e.value(TextWrite.SIZE)) {
            answer = link(e, state.guest().place(e.ip()) + " writes the text", answer);
        }
    }
}
