package trapline.replay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.StreamState;
import trapline.text.EventTextTables;

/** What a stream's tables say about its guest: roles of rows, names of probes and places. Immutable. */
public final class Guest {

    private final EventTextTables tables;
    private final Role[] roles;
    private final long[] probeOfRow;
    private final Map<Long, String> probeNames = new HashMap<>();
    private final int[] firstRow = new int[Role.values().length];
    private final boolean[] userHandler;
    private final boolean[] perCpu;
    private final long[][] probesOfRole = new long[Role.values().length][];
    /** MAX_INSN_SIZE before 4.1, where the row of the slots has no other. */
    private static final long SLOT_BYTES = 16;

    private static final long PAGE_BYTES = 4096;

    private final long slotsBegin;
    private final long slotsBytes;
    private final long slotBytes;

    /**
     * Resolves the names once, so that no event needs a string.
     *
     * @param tables tables of the stream
     */
    public Guest(EventTextTables tables) {
        this.tables = tables;
        List<Observed> observed = tables.observed();
        roles = new Role[observed.size()];
        probeOfRow = new long[observed.size()];
        Map<String, Long> probes = new HashMap<>();
        for (Observed row : observed) {
            if (row.kind() == ObservedKind.PROBE) {
                probes.putIfAbsent(row.name(), row.address());
                probeNames.putIfAbsent(row.address(), row.name());
            }
        }
        Arrays.fill(firstRow, -1);
        for (int i = observed.size() - 1; i >= 0; i--) {
            roles[i] = Role.of(observed.get(i));
            firstRow[roles[i].row()] = i;
            String suffix = Role.suffix(observed.get(i));
            probeOfRow[i] = suffix == null ? 0 : probes.getOrDefault(suffix, 0L);
        }
        userHandler = new boolean[roles.length];
        perCpu = new boolean[roles.length];
        for (int i = 0; i < roles.length; i++) {
            perCpu[i] = observed.get(i).count() > 1;
            userHandler[i] = roles[i].isUserHandler() && probeOfRow[i] != 0;
        }
        for (Role role : Role.values()) {
            probesOfRole[role.row()] = IntStream.range(0, roles.length)
                    .filter(i -> roles[i] == role)
                    .mapToLong(i -> probeOfRow[i])
                    .sorted()
                    .toArray();
        }
        int slots = row(Role.SLOTS);
        slotsBegin = slots < 0 ? 0 : observed.get(slots).address();
        slotsBytes = slots < 0 ? 0 : observed.get(slots).size();
        slotBytes = slots < 0 || observed.get(slots).stride() == 0
                ? SLOT_BYTES
                : observed.get(slots).stride();
    }

    /** The tables as given. */
    public EventTextTables tables() {
        return tables;
    }

    /** Number of CPUs, at least 1. */
    public int cpus() {
        return Math.max(1, tables.cpus());
    }

    /**
     * The role of a row.
     *
     * @param row any number; a row that the table lacks has the role {@link Role#OTHER}
     */
    public Role role(long row) {
        return row >= 0 && row < roles.length ? roles[(int) row] : Role.OTHER;
    }

    /**
     * The first row of a role.
     *
     * @return its index, or -1 where the guest declares none
     */
    public int row(Role role) {
        return firstRow[role.row()];
    }

    /** Whether the guest declares a row of that role. */
    public boolean declares(Role role) {
        return row(role) >= 0;
    }

    /** Whether a row has an element for each CPU. */
    public boolean isPerCpu(long row) {
        return row >= 0 && row < perCpu.length && perCpu[(int) row];
    }

    /** The value of the first variable of a role, of a CPU's own where it is per CPU; 0 where the guest declares none. */
    long value(StreamState stream, Role role, int cpu) {
        int row = row(role);
        return row < 0 ? 0 : stream.variable(row, isPerCpu(row) ? cpu : 0);
    }

    /**
     * The probe that a row such as {@code pre_handler:p1} belongs to.
     *
     * @return address of its struct kprobe, or 0
     */
    public long probeOfRow(long row) {
        return row >= 0 && row < probeOfRow.length ? probeOfRow[(int) row] : 0;
    }

    /**
     * Whether a row is a handler that the user of a probe wrote. Handlers that kprobes brings along (of aggregates,
     * jprobes and kretprobes) are named after no probe.
     */
    public boolean isUserHandler(long row) {
        return row >= 0 && row < userHandler.length && userHandler[(int) row];
    }

    /** Whether a row is a handler of a probe, by its own name or, where probes share a function, by another's of it. */
    public boolean isHandlerOf(long row, long probe) {
        Observed handler = tables.observed().get((int) row);
        for (int i = 0; i < roles.length; i++) {
            if (probeOfRow[i] == probe
                    && roles[i] == roles[(int) row]
                    && tables.observed().get(i).address() == handler.address()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a user's handler begins at an address: an int3 there is taken before its call is seen. */
    public boolean isUserHandlerAt(long address) {
        for (int i = 0; i < roles.length; i++) {
            if (isUserHandler(i) && tables.observed().get(i).address() == address) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the guest declares a row of that role for one probe.
     *
     * @param probe address of its struct kprobe
     */
    public boolean declares(Role role, long probe) {
        return Arrays.binarySearch(probesOfRole[role.row()], probe) >= 0;
    }

    /** The name of a row, or its number. */
    public String rowName(long row) {
        return row >= 0 && row < roles.length ? tables.observed().get((int) row).name() : "#" + row;
    }

    /**
     * The name of a probe.
     *
     * @param probe address of its struct kprobe
     * @return its declared name, else symbol or address; {@code none} for 0
     */
    public String probeName(long probe) {
        if (probe == 0) {
            return "none";
        }
        String name = probeNames.get(probe);
        return name != null ? name : tables.symbols().describe(probe);
    }

    /** Symbol and offset of an address. */
    public String place(long address) {
        return tables.symbols().describe(address);
    }

    /** Whether an address lies in the declared instruction slots. */
    public boolean inSlots(long address) {
        return address >= slotsBegin && address - slotsBegin < slotsBytes;
    }

    /** Where the slot of an address in the instruction slots begins; each page has slots from its first byte on. */
    public long slotAt(long address) {
        long inPage = address % PAGE_BYTES;
        return address - inPage % slotBytes;
    }

    /** Whether an address lies in declared probed text other than the slots. */
    public boolean inProbedText(long address) {
        for (int i = 0; i < roles.length; i++) {
            if (roles[i] == Role.TEXT && holds(tables.observed().get(i), address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(Observed row, long address) {
        return address >= row.address() && address - row.address() < row.size();
    }
}
