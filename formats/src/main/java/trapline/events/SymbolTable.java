package trapline.events;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Symbols by address and by name. */
public final class SymbolTable {

    /** A table without symbols. */
    public static final SymbolTable EMPTY = new SymbolTable(List.of());

    /** The last symbol of an assembler file has often no size; what is far behind it is not part of it. */
    private static final long SIZELESS_MAX = 1 << 20;

    private final List<Symbol> byAddress;
    private final LongFunction<String> sources;

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
        sources = address -> "";
    }

    private SymbolTable(SymbolTable table, LongFunction<String> sources) {
        this.byAddress = table.byAddress;
        this.sources = sources;
    }

    /**
     * The same symbols with source lines, for what people read.
     *
     * @param sources file and line of an address, such as {@code linux-2.6.24.c:37}; empty where none is known
     */
    public SymbolTable withSources(LongFunction<String> sources) {
        return new SymbolTable(this, sources);
    }

    /** File and line of an address, such as {@code linux-2.6.24.c:37}; empty where none is known. */
    public String source(long address) {
        return sources.apply(address);
    }

    /**
     * File and line of a place.
     *
     * @param place as {@link #describe} makes it
     * @return such as {@code linux-2.6.24.c:37}; empty where none is known
     */
    public String source(String place) {
        int plus = place.indexOf("+0x");
        Symbol symbol = find(plus < 0 ? place : place.substring(0, plus));
        try {
            long offset = plus < 0 ? 0 : Long.parseUnsignedLong(place.substring(plus + 3), 16);
            return symbol == null ? "" : source(symbol.address() + offset);
        } catch (NumberFormatException e) {
            return ""; // a symbol that looks like a place
        }
    }

    /** A place, and behind it file and line in brackets where they are known. */
    public String withSource(String place) {
        String source = source(place);
        return source.isEmpty() ? place : place + " (" + source + ")";
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
