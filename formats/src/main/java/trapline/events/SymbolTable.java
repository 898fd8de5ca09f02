package trapline.events;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Symbols by address and by name. */
public final class SymbolTable {

    /** A table without symbols. */
    public static final SymbolTable EMPTY = new SymbolTable(List.of());

    /** The last symbol of an assembler file has often no size; what is far behind it is not part of it. */
    private static final long SIZELESS_MAX = 1 << 20;

    private final List<Symbol> byAddress;

    /**
     * Makes a table.
     *
     * @param symbols in any order
     */
    public SymbolTable(List<Symbol> symbols) {
        byAddress = new ArrayList<>(symbols);
        byAddress.sort(Comparator.comparingLong(Symbol::address)
                .thenComparing(Comparator.comparingLong(Symbol::size).reversed())
                .thenComparing(Symbol::name));
    }

    /** All symbols, by ascending address. */
    public List<Symbol> symbols() {
        return List.copyOf(byAddress);
    }

    /**
     * The symbol that holds an address.
     *
     * @param address linear address
     * @return the symbol whose range holds it (one without a size reaches up to the next symbol, but
     *     not further than 1 MiB), or null
     */
    public @Nullable Symbol find(long address) {
        int low = 0;
        int high = byAddress.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (byAddress.get(middle).address() <= address) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        // Of several symbols at one address the widest sorts first: step back to it.
        int at = high;
        while (at > 0 && byAddress.get(at - 1).address() == byAddress.get(at).address()) {
            at--;
        }
        if (at < 0) {
            return null;
        }
        Symbol symbol = byAddress.get(at);
        long size = symbol.size() == 0 ? SIZELESS_MAX : symbol.size();
        return Long.compareUnsigned(address - symbol.address(), size) < 0 ? symbol : null;
    }

    /**
     * The symbol of a name.
     *
     * @param name exact name
     * @return the first of that name by address, or null
     */
    public @Nullable Symbol find(String name) {
        for (Symbol symbol : byAddress) {
            if (symbol.name().equals(name)) {
                return symbol;
            }
        }
        return null;
    }

    /**
     * Symbol and offset of an address.
     *
     * @param address linear address
     * @return such as {@code kprobe_handler+0x1c}, {@code kprobe_handler} for offset 0, or {@code 0x104010} where no
     *     symbol holds it
     */
    public String describe(long address) {
        Symbol symbol = find(address);
        if (symbol == null) {
            return "0x" + Long.toHexString(address);
        }
        long offset = address - symbol.address();
        return offset == 0 ? symbol.name() : symbol.name() + "+0x" + Long.toHexString(offset);
    }
}
