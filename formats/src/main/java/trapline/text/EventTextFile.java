package trapline.text;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.events.Architecture;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.ExpectedEnd;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.Symbol;
import trapline.events.SymbolTable;

/**
 * A whole stream as text: the tables, then one line for each event.
 *
 * <pre>
 * {@literal @}cpus 2
 * {@literal @}arch x86_64                                          (default: i386)
 * {@literal @}eflags control                                       (default: all)
 * {@literal @}without call_entry call_exit                         (usual kinds that the source cannot deliver)
 * {@literal @}with registers                                       (other kinds that it delivers)
 * {@literal @}observe status 1000/4+4*2 kprobe_status              (address/size+stride*count, then the name)
 * {@literal @}symbol 100000+40 kprobe_handler                      (address+size, hexadecimal)
 * # a comment
 *   10423  0 104a10 trap    #BP ip+1 cs=8 fl=202/IF sp=8ff0 n=3
 * </pre>
 *
 * @param tables the tables
 * @param events the events, with their ordinals
 */
public record EventTextFile(EventTextTables tables, List<Event> events) {

    private static final Pattern OBSERVE = Pattern.compile(
            "([a-z]+) ([0-9a-f]{1,16})(?:/([0-9]{1,9}))?(?:\\+([0-9]{1,9}))?(?:\\*([0-9]{1,4}))? (\\S.*)");
    private static final Pattern SYMBOL = Pattern.compile("([0-9a-f]{1,16})(?:\\+([0-9a-f]{1,16}))? (\\S.*)");

    /**
     * Reads a stream.
     *
     * @param text all of it
     * @param name of the file, for messages
     * @return tables and events
     * @throws IllegalArgumentException one line: {@code name:line: what is wrong}
     */
    public static EventTextFile parse(String text, String name) {
        int cpus = 1;
        Architecture architecture = Architecture.I386;
        String expectedEnd = "";
        long from = 0;
        boolean eflagsAll = true;
        Set<EventKind> delivers = EnumSet.copyOf(EventKind.usual());
        List<Observed> observed = new ArrayList<>();
        List<Symbol> symbols = new ArrayList<>();
        List<String> lines = text.lines().toList();
        int number = 0;
        try {
            for (String line : lines) {
                number++;
                String body = line.strip();
                int space = body.indexOf(' ');
                if (!body.startsWith("@") || space < 0) {
                    continue;
                }
                String rest = body.substring(space + 1).strip();
                switch (body.substring(1, space)) {
                    case "cpus" -> cpus = Math.max(1, Integer.parseInt(rest));
                    case "expect-end" -> expectedEnd = ExpectedEnd.checked(rest);
                    case "from" -> from = from(rest);
                    case "arch" -> architecture = architecture(rest);
                    case "eflags" -> eflagsAll = !rest.equals("control");
                    case "without" -> delivers.removeAll(kinds(rest));
                    case "with" -> delivers.addAll(kinds(rest));
                    case "observe" -> observed.add(observe(rest));
                    case "symbol" -> symbols.add(symbol(rest));
                    default -> throw new IllegalArgumentException("no such line: " + body.substring(0, space));
                }
            }
            EventTextTables tables = new EventTextTables(
                    cpus, delivers, eflagsAll, observed, new SymbolTable(symbols), architecture, expectedEnd, from);
            EventTextParser parser = new EventTextParser(tables);
            List<Event> events = new ArrayList<>();
            number = 0;
            for (String line : lines) {
                number++;
                if (!line.isBlank()
                        && !line.strip().startsWith("@")
                        && !line.strip().startsWith("#")) {
                    Event event = new Event();
                    parser.parse(line, event);
                    events.add(event.ordinal(events.size()));
                }
            }
            return new EventTextFile(tables, events);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ":" + number + ": " + e.getMessage(), e);
        }
    }

    private static long from(String step) {
        if (!step.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("a recording can't begin at step " + step);
        }
        return Long.parseLong(step);
    }

    private static Architecture architecture(String label) {
        Architecture architecture = Architecture.ofLabel(label);
        if (architecture == null) {
            throw new IllegalArgumentException("'" + label + "' is no architecture that is known");
        }
        return architecture;
    }

    private static Set<EventKind> kinds(String labels) {
        Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        for (String label : labels.split(" +", -1)) {
            EventKind kind = EventKind.ofLabel(label);
            if (kind == null) {
                throw new IllegalArgumentException("'" + label + "' is no kind of event");
            }
            kinds.add(kind);
        }
        return kinds;
    }

    private static Observed observe(String text) {
        Matcher m = OBSERVE.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("not 'KIND ADDRESS/SIZE+STRIDE*COUNT NAME': " + text);
        }
        for (ObservedKind kind : ObservedKind.values()) {
            if (kind.label().equals(m.group(1))) {
                return new Observed(
                        kind,
                        m.group(6),
                        Long.parseUnsignedLong(m.group(2), 16),
                        decimal(m.group(3), 4),
                        decimal(m.group(4), 0),
                        decimal(m.group(5), 1));
            }
        }
        throw new IllegalArgumentException("'" + m.group(1) + "' is nothing that can be observed");
    }

    private static Symbol symbol(String text) {
        Matcher m = SYMBOL.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("not 'ADDRESS+SIZE NAME': " + text);
        }
        long size = m.group(2) == null ? 0 : Long.parseUnsignedLong(m.group(2), 16);
        return new Symbol(m.group(3), Long.parseUnsignedLong(m.group(1), 16), size);
    }

    private static int decimal(@Nullable String text, int usual) {
        return text == null ? usual : Integer.parseInt(text);
    }

    /** A line with the kinds that are in one set and not in the other, if there are any. */
    private static void kinds(String key, Set<EventKind> in, Set<EventKind> notIn, StringBuilder out) {
        Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        kinds.addAll(in);
        kinds.removeAll(notIn);
        if (!kinds.isEmpty()) {
            out.append(key);
            kinds.forEach(kind -> out.append(' ').append(kind.label()));
            out.append('\n');
        }
    }

    /** The stream as {@link #parse} reads it. */
    public String format() {
        StringBuilder out = new StringBuilder();
        out.append("@cpus ").append(tables.cpus()).append('\n');
        if (tables.architecture() != Architecture.I386) {
            out.append("@arch ").append(tables.architecture().label()).append('\n');
        }
        if (!tables.expectedEnd().isEmpty()) {
            out.append("@expect-end ").append(tables.expectedEnd()).append('\n');
        }
        if (tables.from() > 0) {
            out.append("@from ").append(tables.from()).append('\n');
        }
        if (!tables.eflagsAll()) {
            out.append("@eflags control\n");
        }
        kinds("@without", EventKind.usual(), tables.delivers(), out);
        kinds("@with", tables.delivers(), EventKind.usual(), out);
        for (Observed row : tables.observed()) {
            out.append(String.format(
                    "@observe %s %x/%d+%d*%d %s%n",
                    row.kind().label(), row.address(), row.size(), row.stride(), row.count(), row.name()));
        }
        for (Symbol symbol : tables.symbols().symbols()) {
            out.append(String.format("@symbol %x+%x %s%n", symbol.address(), symbol.size(), symbol.name()));
        }
        EventText text = new EventText(tables);
        events.forEach(event -> out.append(text.line(event)).append('\n'));
        return out.toString();
    }
}
