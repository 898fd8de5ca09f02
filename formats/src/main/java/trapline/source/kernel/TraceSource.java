package trapline.source.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import trapline.block.JournalHeader;
import trapline.events.Architecture;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.Halt;
import trapline.events.EventFields.Lost;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.HaltReason;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.TrapOrigin;
import trapline.events.TrapVector;
import trapline.source.Source;

/**
 * Hits of probes and page faults in the text of {@code perf script}, {@code trace-cmd report} or tracefs {@code trace}:
 *
 * <pre>
 * dd    93 [000]     1.925360:            probe:vr_push: (ffffffff81349959)
 * dd-93    [000]     1.925360: vr_push:              (vfs_read+0x9/0x310)
 * dd-93    [000] ..Zff 1.925360: page_fault_kernel: address=0x5b0508 ip=0xffffffff815d88e7 error_code=0x0
 * CPU:0 [LOST 12 EVENTS]
 * </pre>
 *
 * A hit is a call of the probe's pre handler, {@code call_entry}; one that was missed is in no trace. Only page faults are
 * traps here: neither kind is listed among those that the source delivers in full.
 */
public final class TraceSource implements Source {

    /** What a step of such a stream counts. */
    public static final String CLOCK = "ns";

    private static final Pattern LINE = Pattern.compile(
            "\\s*(\\S.*?)(?:-|\\s+)(\\d+)(?:/\\d+)?\\s+\\[(\\d{1,4})\\]\\s+(?:[\\w.]{4,6}\\s+)?(\\d{1,9}\\.\\d{6,9}):\\s+(.*)");
    private static final Pattern FAULT = Pattern.compile(
            "(?:exceptions:)?page_fault_(user|kernel):\\s+address=(?:0x)?([0-9a-f]{1,16})\\S*\\s+ip=(?:0x)?([0-9a-f]{1,16})\\S*"
                    + "\\s+error_code=(?:0x)?([0-9a-f]{1,8}).*");
    private static final Pattern HIT = Pattern.compile(
            "(?:[\\w-]+:)?([\\w.]+):\\s+\\((?:(?:0x)?([0-9a-f]{8,16})|([\\w.]+\\+0x[0-9a-f]+)(?:/0x[0-9a-f]+)?)( <- .*)?\\).*");
    private static final Pattern LOST = Pattern.compile(".*LOST (\\d{1,15}) (?:EVENTS|events).*");

    private static final int CPUS_MAX = JournalHeader.CPUS_MAX;
    private static final int EVENTS_MAX = 1 << 24;

    private record Entry(
            EventKind kind, long nanos, int cpu, long ip, long address, long error, boolean user, int row) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Integer> rows = new LinkedHashMap<>();
    private final List<Observed> observed = new ArrayList<>();
    private final String name;
    private final String tool;
    private int cpus = 1;
    private boolean wide;
    private long ordinal;

    private TraceSource(String name, String tool) {
        this.name = name;
        this.tool = tool;
    }

    /**
     * Reads a trace.
     *
     * @param in lines; not closed
     * @param name of the run
     * @param tool name and version of the program
     * @throws IllegalArgumentException if there is neither a hit nor a fault in it
     */
    public static TraceSource read(BufferedReader in, String name, String tool) throws IOException {
        TraceSource source = new TraceSource(name, tool);
        for (String line = in.readLine(); line != null && source.entries.size() < EVENTS_MAX; line = in.readLine()) {
            source.take(line);
        }
        if (source.entries.isEmpty()) {
            throw new IllegalArgumentException("no hit of a probe and no page fault in it");
        }
        return source;
    }

    private void take(String line) {
        Matcher lost = LOST.matcher(line);
        if (lost.matches()) {
            long at = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).nanos;
            entries.add(new Entry(EventKind.LOST, at, 0, 0, 0, Long.parseLong(lost.group(1)), false, 0));
            return;
        }
        Matcher m = LINE.matcher(line);
        if (!m.matches() || Integer.parseInt(m.group(3)) >= CPUS_MAX) {
            return;
        }
        int cpu = Integer.parseInt(m.group(3));
        long nanos = new BigDecimal(m.group(4)).movePointRight(9).longValue();
        Matcher fault = FAULT.matcher(m.group(5));
        Matcher hit = HIT.matcher(m.group(5));
        if (fault.matches()) {
            boolean user = fault.group(1).equals("user");
            add(new Entry(
                    EventKind.TRAP_ENTRY,
                    nanos,
                    cpu,
                    hex(fault.group(3)),
                    hex(fault.group(2)),
                    hex(fault.group(4)),
                    user,
                    0));
        } else if (hit.matches() && hit.group(4) == null) {
            long ip = hit.group(2) == null ? 0 : hex(hit.group(2));
            add(new Entry(EventKind.CALL_ENTRY, nanos, cpu, ip, 0, 0, false, row(hit.group(1), ip)));
        }
    }

    private void add(Entry entry) {
        entries.add(entry);
        cpus = Math.max(cpus, entry.cpu + 1);
        wide |= entry.ip >>> Integer.SIZE != 0;
    }

    private int row(String probe, long ip) {
        return rows.computeIfAbsent(probe, key -> {
            if (observed.size() + 2 > JournalHeader.OBSERVED_MAX) {
                return 0;
            }
            observed.add(new Observed(ObservedKind.PROBE, key, ip, 1, 0, 1));
            observed.add(new Observed(ObservedKind.FUNCTION, "pre_handler:" + key, 0, 1, 0, 1));
            return observed.size() - 1;
        });
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    @Override
    public JournalHeader header() {
        return new JournalHeader(
                tool,
                0,
                "trace",
                CLOCK,
                cpus,
                false,
                List.of(EventKind.MARK, EventKind.HALT),
                observed,
                List.of(),
                Map.of(),
                name,
                "",
                "",
                "",
                "",
                wide ? Architecture.X86_64 : Architecture.I386,
                0);
    }

    @Override
    public End deliver(EventConsumer events) {
        Event event = new Event();
        int gaps = 0;
        long step = 0;
        long frame = 0;
        for (Entry entry : entries) {
            if (entry.kind == EventKind.LOST || entry.nanos < step) {
                gaps++;
                long count = entry.kind == EventKind.LOST ? entry.error : -1;
                String why = entry.kind == EventKind.LOST ? "the tracer lost events" : "times run backwards";
                hand(
                        event.begin(EventKind.LOST, step, 0, 0)
                                .set(Lost.COUNT, count)
                                .set(Lost.UNTIL, step)
                                .text(why),
                        events);
            }
            step = Math.max(step, entry.nanos);
            if (entry.kind == EventKind.CALL_ENTRY) {
                hand(call(event.begin(EventKind.CALL_ENTRY, step, entry.cpu, entry.ip), entry), events);
            } else if (entry.kind == EventKind.TRAP_ENTRY) {
                frame++;
                hand(fault(event.begin(EventKind.TRAP_ENTRY, step, entry.cpu, entry.ip), entry, frame), events);
                hand(faultEnd(event.begin(EventKind.TRAP_EXIT, step, entry.cpu, entry.ip), entry, frame), events);
            }
        }
        event.begin(EventKind.HALT, step, 0, 0)
                .set(Halt.REASON, HaltReason.SOURCE_END.code())
                .set(Halt.CODE, 0);
        hand(event, events);
        return new End(gaps);
    }

    private void hand(Event event, EventConsumer events) {
        events.accept(event.ordinal(ordinal));
        ordinal++;
    }

    private static Event call(Event event, Entry entry) {
        return event.set(CallEntry.FUNCTION, entry.row)
                .set(CallEntry.ARG0, 0)
                .set(CallEntry.ARG1, 0)
                .set(CallEntry.ARG2, 0)
                .set(CallEntry.RETURN, 0);
    }

    private static Event fault(Event event, Entry entry, long frame) {
        return event.set(TrapEntry.VECTOR, TrapVector.PF)
                .set(TrapEntry.ERROR, entry.error)
                .set(TrapEntry.CS, entry.user ? 3 : 0)
                .set(TrapEntry.IP, entry.ip)
                .set(TrapEntry.EFLAGS, 0)
                .set(TrapEntry.ESP, 0)
                .set(TrapEntry.ADDRESS, entry.address)
                .set(TrapEntry.DR6, 0)
                .set(TrapEntry.ORIGIN, TrapOrigin.INSTRUCTION.code())
                .set(TrapEntry.FRAME, frame);
    }

    private static Event faultEnd(Event event, Entry entry, long frame) {
        return event.set(TrapExit.IP, entry.ip)
                .set(TrapExit.CS, entry.user ? 3 : 0)
                .set(TrapExit.EFLAGS, 0)
                .set(TrapExit.ESP, 0)
                .set(TrapExit.FRAME, frame);
    }
}
