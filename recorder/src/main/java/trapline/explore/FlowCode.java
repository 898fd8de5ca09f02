package trapline.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trapline.diff.Code;
import trapline.events.Symbol;
import trapline.events.SymbolTable;

/**
 * The code of a handler flow: its functions' instructions, each with its line, and the C that they come from.
 *
 * @param flow name
 * @param file name of the C file, such as {@code linux-2.6.24.c}
 * @param source lines of the C; empty where the source is not at hand
 * @param instructions by address, in order
 */
public record FlowCode(String flow, String file, List<String> source, Map<Long, Code.Instruction> instructions) {

    private static final String HANDLER = "kprobe_handler";

    /**
     * Finds the flow's functions: those whose first instruction is on a line of its file.
     *
     * @param code of the linked guest
     * @param source text of the C; empty if it is not at hand
     */
    public static FlowCode of(String flow, SymbolTable symbols, Code code, String source) {
        String file = file(flow, symbols, code);
        Map<Long, Code.Instruction> instructions = new LinkedHashMap<>();
        for (Symbol symbol : symbols.symbols()) {
            List<Code.Instruction> listing =
                    symbol.size() == 0 ? List.of() : code.listing(symbol.address(), symbol.address() + symbol.size());
            if (!listing.isEmpty() && listing.get(0).source().startsWith(file + ":")) {
                String line = "";
                for (Code.Instruction instruction : listing) {
                    // Helpers of headers are part of the line that calls them.
                    line = instruction.source().startsWith(file + ":") ? instruction.source() : line;
                    instructions.put(
                            instruction.address(),
                            new Code.Instruction(
                                    instruction.address(), instruction.length(), instruction.text(), line));
                }
            }
        }
        return new FlowCode(
                flow, file, source.isEmpty() ? List.of() : source.lines().toList(), instructions);
    }

    /** The file that the handler is in; a flow may have had another name when it was compiled. */
    private static String file(String flow, SymbolTable symbols, Code code) {
        Symbol handler = symbols.find(HANDLER);
        List<Code.Instruction> first =
                handler == null ? List.of() : code.listing(handler.address(), handler.address() + 1);
        String source = first.isEmpty() ? "" : first.get(0).source();
        int colon = source.lastIndexOf(':');
        return colon < 0 ? flow + ".c" : source.substring(0, colon);
    }

    /** Whether an address is one of its instructions. */
    boolean holds(long address) {
        return instructions.containsKey(address);
    }

    /** The line of an instruction, from 1; 0 where it is unknown. */
    int line(Code.Instruction instruction) {
        String source = instruction.source();
        int colon = source.lastIndexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(source.substring(colon + 1));
    }

    /** The instructions of each line, by its number from 1. */
    Map<Integer, List<Code.Instruction>> byLine() {
        Map<Integer, List<Code.Instruction>> lines = new LinkedHashMap<>();
        instructions
                .values()
                .forEach(i ->
                        lines.computeIfAbsent(line(i), n -> new ArrayList<>()).add(i));
        return lines;
    }
}
