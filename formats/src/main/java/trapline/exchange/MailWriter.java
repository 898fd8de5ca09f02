package trapline.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import trapline.block.JournalHeader;
import trapline.events.Event;
import trapline.events.EventFields.Halt;
import trapline.events.EventKind;
import trapline.events.ExpectedEnd;
import trapline.events.HaltReason;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.text.EventText;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

/** Writes events as the body of a mail, with the tables that they need. */
public final class MailWriter {

    private final JournalHeader header;
    private final StringBuilder out = new StringBuilder();
    private int lines;

    private MailWriter(JournalHeader header) {
        this.header = header;
    }

    /**
     * The part of a mail.
     *
     * @param header of the journal
     * @param eflagsAll whether arithmetic EFLAGS writes are among the events
     * @param fromStart whether the first event is the first of the journal
     * @param toEnd whether the last event is the last of a journal that is closed
     * @param events with their values; {@code lost} ones included
     * @param digest of the whole journal; empty if it is not closed
     * @return lines that end with {@code \n}
     */
    public static String text(
            JournalHeader header,
            boolean eflagsAll,
            boolean fromStart,
            boolean toEnd,
            List<Event> events,
            String digest) {
        MailWriter writer = new MailWriter(header);
        writer.head(eflagsAll, fromStart, events);
        writer.events(events);
        long end = events.isEmpty() ? 0 : events.get(events.size() - 1).step();
        writer.line("@end " + end + (toEnd ? " complete" : " more"));
        writer.out.append('\n');
        if (!digest.isEmpty()) {
            writer.out.append("digest ").append(digest).append('\n');
        }
        writer.out.append(
                header.recipe().isEmpty() || wasInterrupted(events)
                        ? "no recipe, none would be enough: ask for the bundle to run it again\n"
                        : ascii(RecipeText.withDigest(header.recipe(), digest)));
        return writer.out.toString();
    }

    private void head(boolean eflagsAll, boolean fromStart, List<Event> events) {
        line("trapline-mail 1");
        tagged("@name", header.name());
        tagged("@flow", header.flow());
        tagged("@workload", header.workload());
        line("@tool " + header.semantics() + " " + header.tool());
        if (!header.clock().equals(MailReader.CLOCK)) {
            tagged("@clock", header.clock());
        }
        line("@begin " + (fromStart ? "start" : "later"));
        EventTextTables tables = new EventTextTables(
                header.cpus(),
                Set.copyOf(header.delivers()),
                eflagsAll && header.eflagsAll(),
                header.observed(), // all: a check that finds its variable undeclared says UNKNOWN
                new SymbolTable(symbols(events)),
                header.architecture(),
                ExpectedEnd.of(header.scenario(), header.flow()),
                header.from());
        new EventTextFile(tables, List.of()).format().lines().forEach(this::line);
    }

    private void tagged(String key, String value) {
        if (!value.isBlank()) {
            line(key + " " + value);
        }
    }

    private List<Symbol> symbols(List<Event> events) {
        SymbolTable all = header.symbolTable();
        Set<Symbol> used = new HashSet<>();
        for (Event event : events) {
            Symbol symbol = all.find(event.ip());
            if (symbol != null) {
                used.add(symbol);
            }
        }
        return header.symbols().stream().filter(used::contains).toList();
    }

    private void events(List<Event> events) {
        EventText text = new EventText(header.textTables());
        for (Event event : events) {
            String line = text.line(event);
            int note = line.indexOf("  ; ");
            boolean tooLong = line.length() + MailLine.TAG_COLUMNS > MailLine.COLUMNS;
            line(tooLong && note >= 0 && event.text().isEmpty() ? line.substring(0, note) : line);
        }
    }

    private void line(String line) {
        out.append(MailLine.format(lines++, ascii(line)));
    }

    private static String ascii(String text) {
        return text.replaceAll("[^ -~\n]", "?");
    }

    /** The scenario goes on where such a run ends: its recipe would give other events. */
    private static boolean wasInterrupted(List<Event> events) {
        Event last = events.isEmpty() ? null : events.get(events.size() - 1);
        return last != null
                && last.kind() == EventKind.HALT
                && last.value(Halt.REASON) == HaltReason.INTERRUPTED.code();
    }
}
