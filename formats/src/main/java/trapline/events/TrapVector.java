package trapline.events;

import java.util.List;

/** Mnemonics of trap vectors (Intel SDM vol. 3A table 6-1). */
public final class TrapVector {

    public static final int DB = 1;
    public static final int NMI = 2;
    public static final int BP = 3;
    public static final int DF = 8;
    public static final int GP = 13;
    public static final int PF = 14;

    private static final List<String> NAMES = List.of(
            "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#9", "#TS", "#NP", "#SS", "#GP", "#PF",
            "#15", "#MF", "#AC", "#MC", "#XM");

    private TrapVector() {}

    /**
     * The mnemonic of a vector.
     *
     * @param vector 0 to 255
     * @return such as {@code #BP}; {@code #} and the decimal number for a vector without a mnemonic
     */
    public static String name(long vector) {
        return vector >= 0 && vector < NAMES.size() ? NAMES.get((int) vector) : "#" + vector;
    }

    /**
     * The vector of a mnemonic.
     *
     * @param name as made by {@link #name(long)}
     * @return the vector, or -1 if there is none of that name
     */
    public static int ofName(String name) {
        int known = NAMES.indexOf(name);
        if (known >= 0) {
            return known;
        }
        return name.matches("#[0-9]{1,3}") ? Integer.parseInt(name.substring(1)) : -1;
    }
}
