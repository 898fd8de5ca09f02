package trapline.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import trapline.checks.Verdict;

/** Colors of the terminal, or none. */
public final class Ink {

    private static final String ESCAPE = Console.escape();
    private static final String RESET = ESCAPE + "[0m";

    /** Step, CPU and address, then the word. */
    private static final Pattern WORD = Pattern.compile("^( *\\d+ +\\d+ +[0-9a-f]+ )([a-z]+)");

    /** No colors. */
    public static final Ink NONE = new Ink(false);

    private final boolean color;

    public Ink(Console console) {
        this(console.color());
    }

    private Ink(boolean color) {
        this.color = color;
    }

    private String paint(String code, String text) {
        return color ? ESCAPE + "[" + code + "m" + text + RESET : text;
    }

    public String bold(String text) {
        return paint("1", text);
    }

    public String dim(String text) {
        return paint("2", text);
    }

    public String red(String text) {
        return paint("31", text);
    }

    /**
     * A line of an event: what people look for stands out by its word, notes step back.
     *
     * @param line as {@link trapline.text.EventText} writes it
     */
    public String line(String line) {
        if (!color) {
            return line;
        }
        Matcher word = WORD.matcher(line);
        if (!word.find()) {
            return line;
        }
        int note = line.indexOf("  ; ", word.end());
        String body = line.substring(word.end(), note < 0 ? line.length() : note);
        String code = switch (word.group(2)) {
            case "trap", "iret" -> "34";
            case "status", "current" -> "35";
            case "eflags" -> "33";
            case "read", "write" -> "36";
            case "die", "bug", "warn", "lost", "differs" -> "1;31";
            case "inject", "switch" -> "32";
            default -> "";
        };
        return word.group(1)
                + (code.isEmpty() ? word.group(2) : paint(code, word.group(2)))
                + body
                + (note < 0 ? "" : dim(line.substring(note)));
    }

    public String verdict(Verdict verdict, String text) {
        return switch (verdict) {
            case PASS -> paint("32", text);
            case FAIL -> paint("1;31", text);
            case UNKNOWN -> paint("33", text);
            case NOT_EXERCISED -> dim(text);
        };
    }
}
