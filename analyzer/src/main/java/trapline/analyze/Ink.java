package trapline.analyze;

import trapline.checks.Verdict;

/** Colors of the terminal, or none. */
final class Ink {

    private static final String ESCAPE = Console.escape();
    private static final String RESET = ESCAPE + "[0m";

    private final boolean color;

    Ink(Console console) {
        this.color = console.color();
    }

    private String paint(String code, String text) {
        return color ? ESCAPE + "[" + code + "m" + text + RESET : text;
    }

    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String red(String text) {
        return paint("31", text);
    }

    String verdict(Verdict verdict, String text) {
        return switch (verdict) {
            case PASS -> paint("32", text);
            case FAIL -> paint("1;31", text);
            case UNKNOWN -> paint("33", text);
            case NOT_EXERCISED -> dim(text);
        };
    }
}
