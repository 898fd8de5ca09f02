package trapline.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.events.Architecture;
import trapline.events.EventKind;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.SymbolTable;

/**
 * The tables that give the numbers of a stream their names: what a journal's header knows, without the journal.
 *
 * @param cpus number of CPUs
 * @param delivers kinds that the source of the stream can deliver
 * @param eflagsAll whether every EFLAGS write is in the stream, or only those that change control flags
 * @param observed observation table; OBSERVED fields are indices into it
 * @param symbols symbols of the guest
 * @param architecture of its CPUs
 * @param expectedEnd how its run is meant to end, see {@link ExpectedEnd}; empty where nothing is said
 * @param from step before which nothing was recorded because no probe was registered yet; usually 0
 */
public record EventTextTables(
        int cpus,
        Set<EventKind> delivers,
        boolean eflagsAll,
        List<Observed> observed,
        SymbolTable symbols,
        Architecture architecture,
        String expectedEnd,
        long from) {

    private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:+-]*");

    /** One CPU, no names. */
    public static final EventTextTables EMPTY =
            new EventTextTables(1, EventKind.usual(), true, List.of(), SymbolTable.EMPTY);

    public EventTextTables {
        delivers = Set.copyOf(delivers);
        observed = List.copyOf(observed);
    }

    /** As above, for a stream of i386 CPUs. */
    public EventTextTables(
            int cpus, Set<EventKind> delivers, boolean eflagsAll, List<Observed> observed, SymbolTable symbols) {
        this(cpus, delivers, eflagsAll, observed, symbols, Architecture.I386, "", 0);
    }

    /** The same with source lines for the addresses, as {@link SymbolTable#withSources}. */
    public EventTextTables withSources(LongFunction<String> sources) {
        return new EventTextTables(
                cpus, delivers, eflagsAll, observed, symbols.withSources(sources), architecture, expectedEnd, from);
    }

    /** Names of the observation table as they stand in a line: the first row of a name has it, others are {@code ?N}. */
    Names names() {
        return new Names(observed);
    }

    /** Both directions of the names that lines use. */
    static final class Names {
        private final String[] byIndex;
        private final Map<String, Integer> byName = new HashMap<>();
        private final Map<Long, String> probeByAddress = new HashMap<>();
        private final Map<String, Long> probeByName = new HashMap<>();

        Names(List<Observed> observed) {
            byIndex = new String[observed.size()];
            for (int i = 0; i < observed.size(); i++) {
                Observed row = observed.get(i);
                boolean usable = SAFE_NAME.matcher(row.name()).matches() && !byName.containsKey(row.name());
                byIndex[i] = usable ? row.name() : "?" + i;
                byName.put(byIndex[i], i);
                if (row.kind() == ObservedKind.PROBE && usable && !probeByAddress.containsKey(row.address())) {
                    probeByAddress.put(row.address(), row.name());
                    probeByName.put(row.name(), row.address());
                }
            }
        }

        String of(long index) {
            return index >= 0 && index < byIndex.length ? byIndex[(int) index] : "?" + index;
        }

        @Nullable Integer index(String name) {
            return byName.get(name);
        }

        @Nullable String probe(long address) {
            return probeByAddress.get(address);
        }

        @Nullable Long probe(String name) {
            return probeByName.get(name);
        }
    }
}
