package trapline.samples.conformance;

import java.util.List;

/** Names of vectors in the notation: {@code #DE}, {@code NMI}, or two hex digits. */
final class Vectors {
    private static final List<String> NAMES = List.of(
            "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#9", "#TS", "#NP", "#SS", "#GP", "#PF",
            "#15", "#MF", "#AC");

    static final int DB = 1;
    static final int PF = 14;

    private Vectors() {}

    /** The vector of a name, or -1. */
    static int parse(String name) {
        int index = NAMES.indexOf(name);
        return index >= 0 || !name.startsWith("INT") ? index : Integer.parseInt(name.substring(3), 16);
    }

    static String name(int vector) {
        return vector < NAMES.size() ? NAMES.get(vector) : String.format("INT%02x", vector);
    }

    static boolean hasErrorCode(int vector) {
        return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
    }
}
