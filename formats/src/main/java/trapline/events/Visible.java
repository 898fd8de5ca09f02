package trapline.events;

/**
 * Text whose every character can be seen. What a name, a path or a guest says goes to terminals, mails and pages of other
 * people, where control characters move the cursor, and directional ones turn a line around: those become
 * {@code \}{@code uXXXX}, which is also what JSON writes for them.
 */
public final class Visible {

    private Visible() {}

    /** Text of one or more lines: line feeds and tabs stay. */
    public static String text(String text) {
        return shown(text, true);
    }

    /** A name, or anything else that belongs into one line: line feeds and tabs are shown too. */
    public static String line(String text) {
        return shown(text, false);
    }

    private static String shown(String text, boolean lines) {
        int first = 0;
        while (first < text.length() && !isHidden(text.codePointAt(first), lines)) {
            first += Character.charCount(text.codePointAt(first));
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            append(out, text.codePointAt(i), lines);
        }
        return out.toString();
    }

    private static void append(StringBuilder out, int codePoint, boolean lines) {
        if (!isHidden(codePoint, lines)) {
            out.appendCodePoint(codePoint);
            return;
        }
        for (char unit : Character.toChars(codePoint)) {
            out.append(String.format("\\u%04x", (int) unit));
        }
    }

    private static boolean isHidden(int codePoint, boolean lines) {
        if (codePoint >= ' ' && codePoint < 0x7f) {
            return false;
        }
        if (codePoint == '\n' || codePoint == '\t') {
            return !lines;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
