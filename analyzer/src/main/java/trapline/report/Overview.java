package trapline.report;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Lost;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;

/**
 * A run in a fixed number of stretches of equal length: for each the number of events, and for each CPU which states it
 * was in. States are sets of bits, so that what happened in a stretch is never hidden by what happened most.
 *
 * <pre>
 * lane 0  depth of trap frames, the most          3  current probe: bit 0 none, bit n the nth probe of the table
 *      1  traps: bit per class of vector          4  TF: bit 0 clear, bit 1 set
 *      2  kprobe_status: bit 0 none, ACTIVE, SS,  5  IF: bit 0 clear, bit 1 set
 *         REENTER, SSDONE
 * </pre>
 */
final class Overview extends ReplayListener {

    static final int BINS = 1500;
    private static final int LANES = 6;
    private static final int PROBES_MAX = 30;
    private static final int GAPS_MAX = 200;

    private final long steps;
    private final long[] events = new long[BINS];
    private final long[] counts = new long[EventKind.values().length];
    private final Map<Long, Integer> probes = new LinkedHashMap<>();
    private int[][][] states = {};
    private int[][] now = {};
    private int[] reached = {};
    private final List<RunData.Gap> gaps = new ArrayList<>();
    private long arithmetic;

    /**
     * @param steps steps of the whole run
     * @param probes address of each probe of the observation table, in its order
     */
    Overview(long steps, Iterable<Long> probes) {
        this.steps = steps;
        for (long probe : probes) {
            this.probes.putIfAbsent(probe, Math.min(PROBES_MAX, this.probes.size() + 1));
        }
    }

    @Override
    public Set<EventKind> kinds() {
        return EnumSet.allOf(EventKind.class);
    }

    @Override
    public boolean wantsAlu() {
        return true;
    }

    private int bin(long step) {
        return (int) Math.min(BINS - 1, Math.max(0, (long) ((double) step * BINS / (steps + 1))));
    }

    @Override
    public void accept(Event e, ReplayState state) {
        int bin = bin(e.step());
        events[bin]++;
        counts[e.kind().code()]++;
        if (e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) == FlagCause.ALU.code()) {
            arithmetic++;
            return;
        }
        if (states.length == 0) {
            start(state);
        }
        boolean ofOther = e.kind() == EventKind.LOST
                || e.kind() == EventKind.KPROBE_STATUS
                || e.kind() == EventKind.CURRENT_KPROBE;
        for (int cpu = ofOther ? 0 : e.cpu(); cpu < (ofOther ? state.cpus() : e.cpu() + 1); cpu++) {
            reach(cpu, bin);
            look(state.cpu(cpu), now[cpu]);
            if (e.kind() == EventKind.TRAP_EXIT) {
                flags(e.intValue(TrapExit.EFLAGS), now[cpu]); // a source without register writes says it only here
            }
            if (e.kind() != EventKind.LOST) {
                mark(cpu, bin);
            }
        }
        if (e.kind() == EventKind.LOST) {
            gap(e);
        }
    }

    /** Of a stretch whose events are missing no state is known. */
    private void gap(Event e) {
        long until = e.value(Lost.UNTIL) < 0 ? steps : Math.min(steps, e.value(Lost.UNTIL));
        if (gaps.size() < GAPS_MAX) {
            gaps.add(new RunData.Gap(e.step(), Math.max(e.step(), until), e.value(Lost.COUNT), e.text()));
        }
        for (int cpu = 0; cpu < reached.length; cpu++) {
            reached[cpu] = Math.max(reached[cpu], bin(until));
        }
    }

    private void start(ReplayState state) {
        states = new int[state.cpus()][BINS][LANES];
        now = new int[state.cpus()][LANES];
        reached = new int[state.cpus()];
        for (int[] lanes : now) {
            Arrays.fill(lanes, 2, LANES, 1);
        }
    }

    /** The state of before holds up to this stretch. */
    private void reach(int cpu, int bin) {
        for (int i = reached[cpu]; i <= bin; i++) {
            mark(cpu, i);
        }
        reached[cpu] = bin;
    }

    private void mark(int cpu, int bin) {
        int[] lanes = states[cpu][bin];
        lanes[0] = Math.max(lanes[0], now[cpu][0]);
        for (int lane = 1; lane < LANES; lane++) {
            lanes[lane] |= now[cpu][lane];
        }
    }

    private void look(CpuState cpu, int[] lanes) {
        lanes[0] = cpu.depth();
        lanes[1] =
                cpu.depth() == 0 ? 0 : 1 << trapClass(cpu.frame(cpu.depth() - 1).vector());
        lanes[2] = 1 << statusIndex(cpu.status());
        lanes[3] = cpu.current() == 0 ? 1 : 1 << probes.getOrDefault(cpu.current(), PROBES_MAX);
        flags(cpu.eflags(), lanes);
    }

    private static void flags(int eflags, int[] lanes) {
        lanes[4] = (eflags & Eflags.TF) == 0 ? 1 : 2;
        lanes[5] = (eflags & Eflags.IF) == 0 ? 1 : 2;
    }

    /** The class of a trap in the colours of the page: 0 #BP, 1 #DB, 2 NMI, 3 fault, 4 interrupt. */
    static int trapClass(int vector) {
        return switch (vector) {
            case TrapVector.BP -> 0;
            case TrapVector.DB -> 1;
            case TrapVector.NMI -> 2;
            default -> vector < 32 ? 3 : 4;
        };
    }

    private static int statusIndex(int status) {
        return switch (status) {
            case 0 -> 0;
            case KprobeStatus.KPROBE_HIT_ACTIVE -> 1;
            case KprobeStatus.KPROBE_HIT_SS -> 2;
            case KprobeStatus.KPROBE_REENTER -> 3;
            case KprobeStatus.KPROBE_HIT_SSDONE -> 4;
            default -> 5;
        };
    }

    @Override
    public void end(ReplayState state) {
        if (states.length == 0) {
            start(state);
        }
        for (int cpu = 0; cpu < states.length; cpu++) {
            reach(cpu, BINS - 1);
        }
    }

    /** Arithmetic EFLAGS writes. */
    long arithmetic() {
        return arithmetic;
    }

    /** Where events are missing; the first few. */
    List<RunData.Gap> gaps() {
        return List.copyOf(gaps);
    }

    /** How many events there are of each kind that occurred, by label. */
    Map<String, Long> counts() {
        Map<String, Long> byLabel = new LinkedHashMap<>();
        for (EventKind kind : EventKind.values()) {
            if (counts[kind.code()] > 0) {
                byLabel.put(kind.label(), counts[kind.code()]);
            }
        }
        return byLabel;
    }

    RunData.OverviewData data() {
        PackedColumn column = new PackedColumn();
        for (long count : events) {
            column.unsigned(count);
        }
        for (int[][] cpu : states) {
            for (int lane = 0; lane < LANES; lane++) {
                for (int[] bin : cpu) {
                    column.unsigned(bin[lane]);
                }
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        column.writeTo(bytes);
        return new RunData.OverviewData(BINS, PackedColumn.packed(bytes.toByteArray()), counts());
    }
}
