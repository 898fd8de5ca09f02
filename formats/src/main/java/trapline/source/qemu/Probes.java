package trapline.source.qemu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The probes of a kernel, by address, and their instruction slots as far as traps have shown them. */
final class Probes {

    /** A slot is that long and aligned to it, in every kernel so far (MAX_INSN_SIZE). */
    static final int SLOT_BYTES = 16;

    /** As many as a journal's table of observed things has room for, less those of kprobes itself. */
    static final int COUNT_MAX = 4000;

    private final TreeMap<Long, Probe> byAddress = new TreeMap<>(Long::compareUnsigned);
    private final Map<Long, Probe> bySlot = new HashMap<>();
    private long[] addresses = {};
    private Probe[] atAddress = {};
    private long textBegin;
    private long textEnd;

    /** Adds one; of two at an address the first stays. */
    Probe add(long address, String place, boolean byFtrace) {
        Probe probe = byAddress.get(address);
        if (probe == null && byAddress.size() < COUNT_MAX) {
            probe = new Probe(address, place, byFtrace);
            byAddress.put(address, probe);
            rebuild();
        }
        return probe == null ? new Probe(address, place, byFtrace) : probe;
    }

    /** Tells where the kernel's own code is: no slot is there. */
    void coreText(long begin, long end) {
        textBegin = begin;
        textEnd = end;
    }

    boolean isCoreText(long ip) {
        return Long.compareUnsigned(ip - textBegin, textEnd - textBegin) < 0;
    }

    private void rebuild() {
        addresses =
                byAddress.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        atAddress = new Probe[addresses.length];
        Arrays.setAll(atAddress, i -> byAddress.get(addresses[i]));
    }

    /** The probe whose int3 is at an address, or null. */
    @Nullable Probe at(long address) {
        int at = Arrays.binarySearch(addresses, address);
        return at < 0 || atAddress[at].byFtrace() ? null : atAddress[at];
    }

    /** The probe with a name or place, or null. */
    @Nullable Probe named(String name) {
        for (Probe probe : byAddress.values()) {
            if (probe.name().equals(name) || probe.place().equals(name)) {
                return probe;
            }
        }
        return null;
    }

    Collection<Probe> all() {
        return byAddress.values();
    }

    List<Probe> list() {
        return new ArrayList<>(byAddress.values());
    }

    boolean isEmpty() {
        return byAddress.isEmpty();
    }

    /** The slot that holds the byte in front of a place. */
    static long slotBefore(long ip) {
        return ip - 1 & -SLOT_BYTES;
    }

    /** The probe that is known for a slot, or null. */
    @Nullable Probe ofSlot(long slot) {
        return bySlot.get(slot);
    }

    /** A second trap has shown a probe's slot. */
    void learn(Probe probe, long slot) {
        if (probe.slot != slot) {
            probe.slot = slot;
            bySlot.put(slot, probe);
        }
    }
}
