package trapline.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import trapline.diff.Code;
import trapline.events.Symbol;
import trapline.events.SymbolTable;

/**
 * The instructions at and around events. A function is read from its first byte, since x86 code says only from there
 * where its instructions begin, and of it only what lies near an event is kept.
 */
final class CodeListing {

    /** Instructions kept on either side of one at which an event happened. */
    static final int AROUND = 4;

    /** No function of a kernel is longer; a journal that says so would only cost time. */
    private static final long FUNCTION_BYTES_MAX = 1 << 16;

    private final Code code;
    private final SymbolTable symbols;
    private final Map<Long, List<Code.Instruction>> functions = new HashMap<>();

    CodeListing(Code code, SymbolTable symbols) {
        this.code = code;
        this.symbols = symbols.withSources(code::source);
    }

    /** Why there is none; empty where there is. */
    String absence() {
        return code.absence();
    }

    /** A place with its source line, where it is known. */
    String withSource(String place) {
        return symbols.withSource(place);
    }

    /** Where an address lies in its function, such as {@code +0x1c}. */
    String offset(long address) {
        Symbol symbol = symbols.find(address);
        return symbol == null ? "" : "+0x" + Long.toHexString(address - symbol.address());
    }

    /** The instructions around some addresses, packed for the page. */
    RunData.CodeData around(SortedSet<Long> addresses) {
        if (!code.absence().isEmpty()) {
            return new RunData.CodeData(code.absence(), "");
        }
        TreeMap<Long, Code.Instruction> kept = new TreeMap<>();
        for (long address : addresses) {
            near(address).forEach(instruction -> kept.put(instruction.address(), instruction));
        }
        StringBuilder out = new StringBuilder();
        String source = "";
        long next = 0;
        for (Code.Instruction i : kept.values()) {
            // A source line is written where it changes; a stretch begins with its line.
            boolean same = i.address() == next && i.source().equals(source);
            out.append(Long.toHexString(i.address())).append('\t').append(i.length());
            out.append('\t').append(i.text()).append('\t').append(same ? "" : i.source());
            out.append('\n');
            source = i.source();
            next = i.address() + i.length();
        }
        return new RunData.CodeData("", PackedColumn.packed(out.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The instruction at an address with its neighbours; none where no instruction begins there. */
    List<Code.Instruction> near(long address) {
        List<Code.Instruction> function = function(address);
        for (int i = 0; i < function.size(); i++) {
            if (function.get(i).address() == address) {
                return function.subList(Math.max(0, i - AROUND), Math.min(function.size(), i + AROUND + 1));
            }
        }
        return List.of();
    }

    private List<Code.Instruction> function(long address) {
        Symbol symbol = symbols.find(address);
        if (symbol == null) {
            return List.of();
        }
        return functions.computeIfAbsent(symbol.address(), a -> code.listing(a, end(symbol)));
    }

    private long end(Symbol symbol) {
        long end = symbol.address() + symbol.size();
        if (symbol.size() == 0) {
            Symbol next = next(symbol);
            end = next == null ? symbol.address() + FUNCTION_BYTES_MAX : next.address();
        }
        return Math.min(end, symbol.address() + FUNCTION_BYTES_MAX);
    }

    private @Nullable Symbol next(Symbol symbol) {
        List<Symbol> later = new ArrayList<>(symbols.symbols());
        later.removeIf(other -> other.address() <= symbol.address());
        return later.isEmpty() ? null : later.get(0);
    }
}
