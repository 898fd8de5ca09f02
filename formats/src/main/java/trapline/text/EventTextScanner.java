package trapline.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.Labelled;

/** The words of one line, taken from left to right; notes after {@code ;} and {@code /} are skipped. */
final class EventTextScanner {

    private final List<String> words = new ArrayList<>();
    private @Nullable String quoted;
    private int at;

    EventTextScanner(String line) {
        String rest = line.strip();
        int quote = rest.indexOf('"');
        int note = rest.indexOf(" ;");
        if (quote >= 0 && (note < 0 || quote < note)) {
            int end = rest.lastIndexOf('"');
            quoted = rest.substring(quote, end + 1);
            rest = rest.substring(0, quote);
        } else if (note >= 0) {
            rest = rest.substring(0, note);
        }
        for (String word : rest.split("\\s+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what);
    }

    String word(String what) {
        if (at == words.size()) {
            throw wrong(what + " is missing");
        }
        return words.get(at++);
    }

    void back() {
        at--;
    }

    void end() {
        if (at < words.size()) {
            throw wrong("'" + words.get(at) + "' is too much");
        }
    }

    long decimal(String what) {
        return decimalOrWrong(word(what));
    }

    long hex(String what) {
        return hexOrWrong(word(what));
    }

    void literal(String expected) {
        String word = word("'" + expected + "'");
        if (!word.equals(expected)) {
            throw wrong("'" + word + "' instead of '" + expected + "'");
        }
    }

    long keyedHex(String key) {
        return hexOrWrong(withoutNote(keyed(key)));
    }

    long keyedDecimal(String key) {
        return decimalOrWrong(keyed(key));
    }

    long optionalHex(String key, long usual) {
        return startsWith(key) ? keyedHex(key) : usual;
    }

    long optionalDecimal(String key, long usual) {
        return startsWith(key) ? keyedDecimal(key) : usual;
    }

    void label(Event event, int field) {
        String word = word("label");
        List<Labelled> labels = event.kind().fields().get(field).labels();
        for (int i = 0; i < labels.size(); i++) {
            if (labels.get(i).label().equals(word)) {
                event.set(field, i);
                return;
            }
        }
        if (!word.matches("\\?-?[0-9]{1,18}")) {
            throw wrong(
                    "'" + word + "' is no " + event.kind().fields().get(field).name());
        }
        event.set(field, Long.parseLong(word.substring(1)));
    }

    /** A label, with a number behind {@code =} where there is one; the number, else 0. */
    long labelWithHex(Event event, int field) {
        String word = word("label");
        int equals = word.indexOf('=');
        words.set(at - 1, equals < 0 ? word : word.substring(0, equals));
        back();
        label(event, field);
        return equals < 0 ? 0 : hexOrWrong(word.substring(equals + 1));
    }

    /** What stands behind a key, or null where the next word does not begin with it. */
    @Nullable String optional(String key) {
        return startsWith(key) ? keyed(key) : null;
    }

    void optionalLabel(Event event, int field, long usual) {
        event.set(field, usual);
        if (at < words.size()) {
            label(event, field);
        }
    }

    void pair(Event event, int oldField, int newField, Function<String, @Nullable Long> number) {
        String word = word("old>new");
        int arrow = word.indexOf('>');
        if (arrow < 0) {
            throw wrong("'" + word + "' is no old>new");
        }
        event.set(oldField, numberOrWrong(word.substring(0, arrow), number));
        event.set(newField, numberOrWrong(word.substring(arrow + 1), number));
    }

    void addressAndSize(Event event, int addressField, int sizeField) {
        String word = word("address+size");
        int plus = word.indexOf('+');
        if (plus < 0) {
            throw wrong("'" + word + "' is no address+size");
        }
        event.set(addressField, hexOrWrong(word.substring(0, plus)));
        event.set(sizeField, decimalOrWrong(word.substring(plus + 1)));
    }

    long bracketed(String word, int bracket) {
        if (!word.endsWith("]")) {
            throw wrong("'" + word + "' lacks ]");
        }
        return decimalOrWrong(word.substring(bracket + 1, word.length() - 1));
    }

    String quoted() {
        String text = quoted == null ? null : EventTextWords.unquote(quoted);
        if (text == null) {
            throw wrong("the quoted text is missing or broken");
        }
        return text;
    }

    long hexOrWrong(String text) {
        return numberOrWrong(text, EventTextScanner::hexOrNull);
    }

    static @Nullable Long hexOrNull(String text) {
        if (text.isEmpty() || text.startsWith("+") || text.startsWith("-")) {
            return null;
        }
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private long numberOrWrong(String text, Function<String, @Nullable Long> number) {
        Long value = number.apply(withoutNote(text));
        if (value == null) {
            throw wrong("'" + text + "' is no value here");
        }
        return value;
    }

    private long decimalOrWrong(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw wrong("'" + text + "' is no decimal number");
        }
    }

    private static String withoutNote(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    private boolean startsWith(String key) {
        return at < words.size() && words.get(at).startsWith(key);
    }

    private String keyed(String key) {
        String word = word(key);
        if (!word.startsWith(key)) {
            throw wrong("'" + word + "' instead of " + key);
        }
        return word.substring(key.length());
    }
}
