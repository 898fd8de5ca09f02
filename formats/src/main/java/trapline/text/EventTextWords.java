package trapline.text;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.ObservedKind;

/** The words that {@link EventText} and {@link EventTextParser} share. */
final class EventTextWords {

    private static final List<String> WORDS = List.of(
            "trap", "iret", "eflags", "status", "current", "watch", "call", "ret", "read", "write", "switch", "inject",
            "mark", "warn", "bug", "die", "halt", "lost", "hit", "differs", "regs", "regs64", "shown", "run", "stack");

    private static final Pattern HEX4 = Pattern.compile("[0-9a-f]{4}");

    private EventTextWords() {}

    static String word(EventKind kind) {
        return WORDS.get(kind.code());
    }

    static @Nullable EventKind kind(String word) {
        return EventKind.ofCode(WORDS.indexOf(word));
    }

    static String label(Event event, int field) {
        return event.kind().fields().get(field).labelOf(event.value(field));
    }

    /** Whether a status or current event names the first row of its kind, which goes without saying. */
    static boolean isDefaultRow(EventKind kind, long row, EventTextTables tables) {
        return kind != EventKind.WATCH && row == defaultRow(kind, tables);
    }

    static int defaultRow(EventKind kind, EventTextTables tables) {
        ObservedKind wanted = kind == EventKind.KPROBE_STATUS ? ObservedKind.STATUS : ObservedKind.CURRENT;
        for (int i = 0; i < tables.observed().size(); i++) {
            if (tables.observed().get(i).kind() == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** The element that an event of a CPU usually means: its own of a per-CPU variable, else the only one. */
    static int usualElement(EventTextTables tables, long row, int cpu) {
        boolean perCpu = row >= 0
                && row < tables.observed().size()
                && tables.observed().get((int) row).count() > 1;
        return perCpu ? cpu : 0;
    }

    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c) || c > 0x7e) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /**
     * The text of a quoted form.
     *
     * @return the text, or null where it is not well formed
     */
    static @Nullable String unquote(String quoted) {
        if (quoted.length() < 2 || quoted.charAt(0) != '"' || quoted.charAt(quoted.length() - 1) != '"') {
            return null;
        }
        StringBuilder out = new StringBuilder(quoted.length());
        int at = 1;
        int end = quoted.length() - 1;
        while (at < end) {
            char c = quoted.charAt(at++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            if (at == end) {
                return null;
            }
            char escape = quoted.charAt(at++);
            if (escape == 'u'
                    && at + 4 <= end
                    && HEX4.matcher(quoted.substring(at, at + 4)).matches()) {
                out.append((char) Integer.parseInt(quoted.substring(at, at + 4), 16));
                at += 4;
            } else {
                out.append(escape == 'n' ? '\n' : escape);
            }
        }
        return out.toString();
    }
}
