package trapline.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import trapline.events.Symbol;
import trapline.events.SymbolTable;

/**
 * The distinct values of a page's packed events, in the order in which they first occur. A value is a place in here, so
 * that 64-bit addresses need no numbers that a browser cannot hold. Remembers which symbols the addresses need.
 */
final class ValueDictionary {

    private final SymbolTable symbols;
    private final Map<Long, Integer> places = new HashMap<>();
    private final List<Long> values = new ArrayList<>();
    private final BitSet looked = new BitSet();
    private final BitSet instructions = new BitSet();
    private final TreeSet<Symbol> used = new TreeSet<>((a, b) -> {
        int byAddress = Long.compareUnsigned(a.address(), b.address());
        return byAddress != 0 ? byAddress : a.name().compareTo(b.name());
    });

    ValueDictionary(SymbolTable symbols) {
        this.symbols = symbols;
        number(0);
    }

    int number(long value) {
        Integer place = places.putIfAbsent(value, values.size());
        if (place != null) {
            return place;
        }
        values.add(value);
        return values.size() - 1;
    }

    int address(long value) {
        int place = number(value);
        if (!looked.get(place)) {
            looked.set(place);
            noteSymbol(value);
        }
        return place;
    }

    /** The place of an address at which an instruction began. */
    int instruction(long value) {
        int place = address(value);
        instructions.set(place);
        return place;
    }

    /** The addresses at which instructions began. */
    SortedSet<Long> instructions() {
        SortedSet<Long> addresses = new TreeSet<>();
        instructions.stream().forEach(place -> addresses.add(values.get(place)));
        return addresses;
    }

    private void noteSymbol(long address) {
        Symbol symbol = symbols.find(address);
        if (symbol != null) {
            used.add(symbol);
        }
    }

    /** The values in hexadecimal, packed. */
    String packed() {
        StringBuilder out = new StringBuilder(values.size() * 7);
        for (long value : values) {
            out.append(Long.toHexString(value)).append(' ');
        }
        return PackedColumn.packed(out.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** The symbols that addresses of the page lie in: address and size in hexadecimal, name. */
    List<List<String>> symbols() {
        return used.stream()
                .map(s -> List.of(Long.toHexString(s.address()), Long.toHexString(s.size()), s.name()))
                .toList();
    }
}
