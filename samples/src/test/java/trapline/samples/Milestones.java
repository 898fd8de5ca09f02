package trapline.samples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.FlagCause;
import trapline.events.KprobeStatus;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.journal.Journal;
import trapline.journal.JournalHeader;

/**
 * What the golden traces speak of, taken from a journal: traps with the pushed eip and EFLAGS, stores into a frame's
 * EFLAGS, status, current probe, flag shadows, preempt count, nmissed, user handlers, IRETs. Addresses are given by the
 * labels of the trace ({@code a+1}, {@code s}).
 */
final class Milestones {

    private static final int LABEL_REACH_BYTES = 16;
    private static final Map<String, String> WATCHED =
            Map.of("preempt_count", "preempt", "kprobe_old_eflags", "old", "kprobe_saved_eflags", "saved");

    private final JournalHeader header;
    private final Map<String, Long> labels = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    private Milestones(JournalHeader header, Map<String, String> symbols) {
        this.header = header;
        symbols.forEach((label, place) -> {
            int plus = place.indexOf('+');
            String name = plus < 0 ? place : place.substring(0, plus);
            long offset = plus < 0 ? 0 : Long.decode(place.substring(plus + 1));
            long address = Objects.requireNonNull(header.symbolTable().find(name), name)
                    .address();
            labels.put(label, address + offset);
        });
    }

    /**
     * All milestones of a journal.
     *
     * @param journal path
     * @param symbols label of the trace to symbol, or symbol+offset, of the guest
     */
    static List<String> of(Path journal, Map<String, String> symbols) throws IOException {
        try (Journal opened = Journal.open(journal)) {
            Milestones milestones = new Milestones(opened.header(), symbols);
            opened.read(milestones::take);
            return milestones.lines;
        }
    }

    /**
     * A part of a list of milestones.
     *
     * @param first its first line: the n-th such line of the list
     * @param last its last line: the next such line after that
     */
    static List<String> between(List<String> all, String first, int nth, String last) {
        int start = -1;
        for (int i = 0; i < nth; i++) {
            start += 1 + indexOf(all.subList(start + 1, all.size()), first);
        }
        int end = start + 1 + indexOf(all.subList(start + 1, all.size()), last);
        return all.subList(start, end + 1);
    }

    private static int indexOf(List<String> lines, String line) {
        int index = lines.indexOf(line);
        if (index < 0) {
            throw new AssertionError("no '" + line + "' in:\n" + String.join("\n", lines));
        }
        return index;
    }

    private void take(Event e) {
        String line = switch (e.kind()) {
            case TRAP_ENTRY ->
                trapName(e.intValue(TrapEntry.VECTOR)) + " ip=" + place(e.value(TrapEntry.IP)) + " fl="
                        + flags(e.value(TrapEntry.EFLAGS));
            case TRAP_EXIT -> "iret ip=" + place(e.value(TrapExit.IP)) + " fl=" + flags(e.value(TrapExit.EFLAGS));
            case EFLAGS_WRITE ->
                e.value(EflagsWrite.CAUSE) == FlagCause.FRAME.code() ? "frame " + change(e, false) : null;
            case KPROBE_STATUS -> "status " + change(e, true);
            case CURRENT_KPROBE -> "current " + probe(e.value(Variable.OLD)) + ">" + probe(e.value(Variable.NEW));
            case WATCH -> watched(e);
            case CALL_ENTRY -> handler(name(e.value(CallEntry.FUNCTION)));
            case BUG, DIE, WARN -> e.kind().label();
            default -> null;
        };
        if (line != null) {
            lines.add(line);
        }
    }

    private static String trapName(int vector) {
        return switch (vector) {
            case 1 -> "#DB";
            case 2 -> "NMI";
            case 3 -> "#BP";
            case 14 -> "#PF";
            default -> "#" + vector;
        };
    }

    private static String change(Event e, boolean status) {
        int old = status ? Variable.OLD : EflagsWrite.OLD;
        int now = status ? Variable.NEW : EflagsWrite.NEW;
        return status
                ? KprobeStatus.name(e.value(old)) + ">" + KprobeStatus.name(e.value(now))
                : flags(e.value(old)) + ">" + flags(e.value(now));
    }

    /** Without the flags of arithmetic, which depend on the compiler. */
    private static String flags(long eflags) {
        return Long.toHexString(eflags & ~Eflags.STATUS);
    }

    private String name(long row) {
        return header.observed().get((int) row).name();
    }

    private @Nullable String watched(Event e) {
        String name = name(e.value(Variable.VARIABLE));
        String shown = name.startsWith("nmissed:") ? name : WATCHED.get(name);
        return shown == null
                ? null
                : shown + " " + Long.toHexString(e.value(Variable.OLD)) + ">" + Long.toHexString(e.value(Variable.NEW));
    }

    private static @Nullable String handler(String function) {
        return function.contains("_handler:") ? function.replace("_handler:", " ") : null;
    }

    private String probe(long address) {
        for (Observed object : header.observed()) {
            if (object.kind() == ObservedKind.PROBE && object.address() == address) {
                return object.name();
            }
        }
        return Long.toHexString(address);
    }

    /** By the nearest label below. */
    private String place(long address) {
        String best = "";
        long bestOffset = LABEL_REACH_BYTES;
        for (Map.Entry<String, Long> label : labels.entrySet()) {
            long offset = address - label.getValue();
            if (offset >= 0 && offset < bestOffset) {
                best = label.getKey() + (offset == 0 ? "" : "+" + offset);
                bestOffset = offset;
            }
        }
        return best.isEmpty() ? header.symbolTable().describe(address) : best;
    }
}
