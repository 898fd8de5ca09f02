package trapline.diff;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalHeader;
import trapline.events.Eflags;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.Symbol;
import trapline.events.SymbolTable;

/**
 * Names of one run that mean the same in the other: probes by their declared names, places by symbol and offset where
 * both runs have the same code there, else by symbol alone.
 */
final class Names {

    private static final int CONTROL = ~Eflags.STATUS;

    private final SymbolTable symbols;
    private final List<Observed> observed;
    private final Map<Long, String> probes = new HashMap<>();
    private final Map<String, Long> sizesThere = new HashMap<>();

    /**
     * @param here header of the run whose addresses are to be named
     * @param there header of the other run
     */
    Names(JournalHeader here, JournalHeader there) {
        symbols = here.symbolTable();
        observed = here.observed();
        for (Observed row : observed) {
            if (row.kind() == ObservedKind.PROBE) {
                probes.putIfAbsent(row.address(), row.name());
            }
        }
        for (Symbol symbol : there.symbols()) {
            sizesThere.put(symbol.name(), symbol.size());
        }
    }

    List<Observed> observed() {
        return observed;
    }

    @Nullable Observed row(long index) {
        return index >= 0 && index < observed.size() ? observed.get((int) index) : null;
    }

    /** A place in code or data. */
    String place(long address) {
        Symbol symbol = symbols.find(address);
        if (symbol == null) {
            return address == 0 ? "0" : "unknown";
        }
        Long sizeThere = sizesThere.get(symbol.name());
        boolean sameCode = sizeThere != null && sizeThere == symbol.size();
        return sameCode ? symbols.describe(address) : symbol.name();
    }

    /** A pointer to a probe. */
    String probe(long address) {
        String name = probes.get(address);
        return address == 0 ? "none" : name != null ? name : place(address);
    }

    /** The control flags of an EFLAGS image: arithmetic leftovers depend on the code, not on the protocol. */
    static String control(long eflags) {
        String names = Eflags.names(eflags & CONTROL);
        return names.isEmpty() ? "no TF, no IF" : names;
    }

    /** Symbol and exact offset, for people. */
    String exactPlace(long address) {
        return symbols.describe(address);
    }
}
