package trapline.cli;

import trapline.checks.Verdict;

/** Colors of the terminal, or none. */
public final class Ink {

    private static final String ESCAPE = Console.escape();
    private static final String RESET = ESCAPE + "[0m";

    private final boolean color;

    public Ink(Console console) {
        this.color = console.color();
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

    public String verdict(Verdict verdict, String text) {
        return switch (verdict) {
            case PASS -> paint("32", text);
            case FAIL -> paint("1;31", text);
            case UNKNOWN -> paint("33", text);
            case NOT_EXERCISED -> dim(text);
        };
    }
}
