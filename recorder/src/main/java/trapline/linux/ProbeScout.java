package trapline.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.SymbolTable;
import trapline.events.TrapVector;

/**
 * Follows a run for the sake of its probes: which there will be, and where their slots lie. A kernel makes them while it
 * runs, but a journal names what it observes in its header; so the run is made twice, and the first time this listens.
 *
 * <p>What {@code get_kprobe()} finds for an address is the probe there. Where a trap of a probe returns to that is neither
 * text nor the place of the probe is a slot.
 */
public final class ProbeScout implements EventConsumer {
    private static final int PAGE = 0x1000;
    private static final long KERNEL = 0x8000_0000L;
    private static final int PROBE_BYTES = 64;
    /** MAX_INSN_SIZE since 4.1. */
    private static final int SHORT_SLOT_BYTES = 15;

    private static final int FRAMES_MAX = 1 << 16;
    private static final int PROBES_MAX = 4096;

    private final Set<Integer> lookups = new TreeSet<>();
    private final Map<Long, Set<Long>> places = new TreeMap<>();
    private final Map<Integer, Long> asked = new HashMap<>();
    private final Map<Long, Long> breakpoints = new HashMap<>();
    private final Set<Long> slotPages = new TreeSet<>();
    private boolean isShort = true;
    private final long textBegin;
    private final long textEnd;

    /**
     * Nothing found yet.
     *
     * @param observed what the run is followed with: {@code get_kprobe} and the text must be in it
     */
    public ProbeScout(List<Observed> observed) {
        long begin = 0;
        long end = 0;
        for (int row = 0; row < observed.size(); row++) {
            Observed object = observed.get(row);
            if (object.kind() == ObservedKind.FUNCTION && object.name().equals("get_kprobe")) {
                lookups.add(row);
            } else if (object.kind() == ObservedKind.TEXT) {
                begin = object.address();
                end = begin + object.size();
            }
        }
        textBegin = begin;
        textEnd = end;
    }

    @Override
    public void accept(Event e) {
        if (e.kind() == EventKind.CALL_ENTRY && lookups.contains(e.intValue(CallEntry.FUNCTION))) {
            asked.put(e.cpu(), e.value(CallEntry.ARG0));
        } else if (e.kind() == EventKind.CALL_EXIT && lookups.contains(e.intValue(CallExit.FUNCTION))) {
            answered(asked.remove(e.cpu()), e.value(CallExit.RESULT));
        } else if (e.kind() == EventKind.TRAP_ENTRY && e.value(TrapEntry.VECTOR) == TrapVector.BP) {
            if (breakpoints.size() < FRAMES_MAX) {
                breakpoints.put(e.value(TrapEntry.FRAME), e.value(TrapEntry.IP));
            }
        } else if (e.kind() == EventKind.TRAP_EXIT) {
            returned(breakpoints.remove(e.value(TrapExit.FRAME)), e.value(TrapExit.IP));
        }
    }

    private void answered(@Nullable Long address, long probe) {
        if (address != null && probe != 0 && places.size() < PROBES_MAX) {
            places.computeIfAbsent(probe & 0xffff_ffffL, p -> new TreeSet<>()).add(address & 0xffff_ffffL);
        }
    }

    private void returned(@Nullable Long behind, long to) {
        if (behind != null
                && to >= KERNEL
                && (to < textBegin || to >= textEnd)
                && places.values().stream().anyMatch(at -> at.contains(behind - 1))) {
            slotPages.add(to / PAGE * PAGE);
            isShort &= to % PAGE % SHORT_SLOT_BYTES == 0;
        }
    }

    /**
     * What was found: a row for each probe, named by its place, and one for the first slots. Memory that was one probe after
     * another has no name.
     */
    public List<Observed> found(SymbolTable symbols) {
        List<Observed> rows = new ArrayList<>();
        places.forEach((probe, at) -> {
            if (at.size() == 1) {
                String name = symbols.describe(at.iterator().next());
                rows.add(new Observed(ObservedKind.PROBE, name, probe, PROBE_BYTES, 0, 1));
            }
        });
        if (!slotPages.isEmpty()) {
            long first = slotPages.iterator().next();
            int pages = 1;
            while (slotPages.contains(first + (long) pages * PAGE)) {
                pages++;
            }
            rows.add(new Observed(
                    ObservedKind.TEXT, "insn_slots", first, pages * PAGE, isShort ? SHORT_SLOT_BYTES : 0, 1));
        }
        return rows;
    }
}
