package trapline.tables;

/**
 * A column of a table. Its name is no word of SQL, in lower case with underscores.
 *
 * @param name stable name
 * @param type what it holds
 * @param optional whether a row may have no value in it
 * @param meaning in a few words, with the unit
 */
public record Column(String name, Type type, boolean optional, String meaning) {

    /** What a column holds. */
    public enum Type {
        /** A signed 64-bit number; addresses above 2^63 are negative, as in Java. */
        NUMBER,
        /** UTF-8. */
        TEXT
    }

    static Column number(String name, String meaning) {
        return new Column(name, Type.NUMBER, false, meaning);
    }

    static Column text(String name, String meaning) {
        return new Column(name, Type.TEXT, false, meaning);
    }

    /** The same column where a row may lack it. */
    Column orNone() {
        return new Column(name, type, true, meaning);
    }

    static Column run() {
        return text("run", "path of the journal or bundle");
    }
}
