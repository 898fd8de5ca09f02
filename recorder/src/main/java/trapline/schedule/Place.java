package trapline.schedule;

import org.jspecify.annotations.Nullable;
import trapline.events.Symbol;
import trapline.events.SymbolTable;

/**
 * A place in the guest: a symbol and an offset, or a bare address.
 *
 * @param symbol name, or empty for a bare address
 * @param offset from the symbol, or the address itself
 */
public record Place(String symbol, long offset) {

    /**
     * Parses {@code name}, {@code name+0x1c} or {@code 0x101234}.
     *
     * @param text what the scenario says
     * @return the place, or null if it is none of these
     */
    public static @Nullable Place parse(String text) {
        int plus = text.lastIndexOf('+');
        String name = plus < 0 ? text : text.substring(0, plus);
        try {
            if (plus < 0 && !text.isEmpty() && Character.isDigit(text.charAt(0))) {
                return new Place("", Long.decode(text));
            }
            boolean valid = name.matches("[A-Za-z_.$][\\w.$]*");
            return valid ? new Place(name, plus < 0 ? 0 : Long.decode(text.substring(plus + 1))) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * The address.
     *
     * @param symbols of the guest
     * @return linear address, or null if the guest has no such symbol
     */
    public @Nullable Integer resolve(SymbolTable symbols) {
        if (symbol.isEmpty()) {
            return (int) offset;
        }
        Symbol found = symbols.find(symbol);
        return found == null ? null : (int) (found.address() + offset);
    }

    @Override
    public String toString() {
        String hex = "0x" + Long.toHexString(offset);
        return symbol.isEmpty() ? hex : offset == 0 ? symbol : symbol + "+" + hex;
    }
}
