package trapline.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.guest.GuestException;

/** A kernel's symbols as {@code System.map} and {@code /proc/kallsyms} have them: address, type, name, a line each. */
public final class SymbolFile {
    private static final int FILE_BYTES_MAX = 64 << 20;
    /** A symbol's size is not in the file: it ends where the next begins, but not later than this. */
    private static final long SIZE_MAX = 1 << 20;

    private SymbolFile() {}

    /**
     * Reads symbols.
     *
     * @throws GuestException if the file cannot be read or has none
     */
    public static SymbolTable read(Path file) throws GuestException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new GuestException(file + ": too large for a System.map");
            }
            return parse(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new GuestException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /**
     * Parses symbols.
     *
     * @param name of the file, in messages
     * @throws GuestException if there are none
     */
    public static SymbolTable parse(String name, String text) throws GuestException {
        List<Symbol> symbols = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String[] words = line.trim().split("[ \t]+", -1);
            if (words.length >= 3 && words[0].matches("[0-9a-fA-F]{1,8}") && words[1].length() == 1) {
                long address = Long.parseLong(words[0], 16);
                boolean isPlace = address != 0 && "tTdDbBrRwWvV".indexOf(words[1].charAt(0)) >= 0;
                if (isPlace) {
                    symbols.add(new Symbol(words[2], address, 0));
                }
            }
        }
        if (symbols.isEmpty()) {
            throw new GuestException(name + ": no symbols in it (lines of \"c1000000 T _text\" are expected; Debian's"
                    + " System.map is a stub, /proc/kallsyms of the running kernel has them)");
        }
        return sized(symbols);
    }

    /** Gives each symbol its size. */
    static SymbolTable sized(List<Symbol> symbols) {
        List<Symbol> sorted = new ArrayList<>(symbols);
        sorted.sort(Comparator.comparingLong(Symbol::address).thenComparing(Symbol::name));
        List<Symbol> result = new ArrayList<>();
        long next = Long.MAX_VALUE;
        for (int i = sorted.size() - 1; i >= 0; i--) {
            Symbol symbol = sorted.get(i);
            boolean isLast = i + 1 == sorted.size();
            if (!isLast && sorted.get(i + 1).address() != symbol.address()) {
                next = sorted.get(i + 1).address();
            }
            result.add(new Symbol(symbol.name(), symbol.address(), Math.min(SIZE_MAX, next - symbol.address())));
        }
        return new SymbolTable(result);
    }
}
