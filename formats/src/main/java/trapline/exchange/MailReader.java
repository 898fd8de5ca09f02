package trapline.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import trapline.block.JournalHeader;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.ExpectedEnd;
import trapline.source.Source;
import trapline.text.EventTextFile;
import trapline.text.EventTextParser;
import trapline.text.EventTextTables;

/**
 * Reads what {@link MailWriter} wrote, after mail programs had their way with it: quoted, wrapped again, with other line
 * ends, lines cut out. A line whose tag does not fit it, and a number that is missing, is a {@code lost} event.
 */
public final class MailReader {

    /** Longer texts are not mails. */
    public static final int LENGTH_MAX = 1 << 24;

    /** What a step counts where a mail does not say. */
    static final String CLOCK = "retired instructions";

    static final String START = "trapline-mail";
    private static final Pattern QUOTES = Pattern.compile("(?m)^[ \\t]*(?:[A-Za-z]{0,3}[>|][ \\t]*|[+](?=[@t0-9]))+");
    private static final Pattern RECIPE = Pattern.compile("trapline-recipe [\\s\\S]{0,1000}?crc=[0-9a-f]{8}");

    private final List<String> tables = new ArrayList<>();
    private final List<String> eventLines = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private String name = "";
    private String flow = "";
    private String clock = CLOCK;
    private String workload = "";
    private String tool = "mail";
    private int semantics;
    private boolean fromStart;
    private boolean complete;
    private int lost;
    /** How many gaps there are of each reason, with the place of the first. */
    private final Map<String, Loss> losses = new LinkedHashMap<>();

    private MailReader() {}

    /**
     * Gaps of one kind.
     *
     * @param why the reason
     * @param count how many
     * @param firstStep the step behind which the first is
     */
    public record Loss(String why, int count, long firstStep) {}

    /**
     * What was in a mail.
     *
     * @param header for a journal of it
     * @param events in order, with {@code lost} events where lines are missing
     * @param lost how many gaps there are, beginning and end not counted
     * @param losses the gaps by their reasons, beginning and end too
     * @param content what is the same for two copies of a trace
     */
    public record Mail(JournalHeader header, List<Event> events, int lost, List<Loss> losses, String content)
            implements Source {

        @Override
        public End deliver(EventConsumer consumer) {
            events.forEach(consumer::accept);
            return new End(lost);
        }
    }

    /**
     * Reads a mail.
     *
     * @param text all of it
     * @param file its name, for messages
     * @throws IllegalArgumentException if there is no trace in it: one line
     */
    public static Mail read(String text, String file) {
        int start = text.indexOf(START);
        if (start < 0 || text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(file + ": has no line 'trapline-mail 1', with which a trace begins");
        }
        MailReader reader = new MailReader();
        String plain = QUOTES.matcher(text.substring(start)).replaceAll("");
        reader.lines(plain, file);
        return reader.mail(recipe(plain), file);
    }

    private static String recipe(String plain) {
        var matcher = RECIPE.matcher(plain);
        return matcher.find() ? matcher.group().replaceAll("\\s+", "\n").replaceFirst("\n1\n", " 1\n") + "\n" : "";
    }

    /** Puts lines in their places, and sorts them by what they are. */
    private void lines(String plain, String file) {
        MailLines lines = new MailLines(plain);
        int expected = 0;
        while (lines.next(expected)) {
            if (lines.number() != expected) {
                gap();
            }
            expected = lines.number() + 1;
            String line = lines.line();
            if (expected == 1 && tables.isEmpty() && eventLines.isEmpty() && !line.equals(START + " 1")) {
                throw new IllegalArgumentException(file + ": a trace of another format; a newer trapline may know it");
            }
            if (line.startsWith("@end ")) {
                complete = line.endsWith(" complete");
                return;
            }
            sort(line);
        }
    }

    private void gap() {
        eventLines.add("");
        lost++;
    }

    private void sort(String line) {
        int space = line.indexOf(' ');
        String rest = line.substring(space + 1);
        switch (space < 0 ? line : line.substring(0, space)) {
            case START -> {}
            case "@name" -> name = rest;
            case "@flow" -> flow = rest;
            case "@workload" -> workload = rest;
            case "@clock" -> clock = rest;
            case "@begin" -> fromStart = rest.equals("start");
            case "@tool" -> tool(rest);
            default -> {
                if (line.startsWith("@")) {
                    tables.add(line);
                } else {
                    eventLines.add(line);
                }
            }
        }
    }

    private void tool(String rest) {
        int space = rest.indexOf(' ');
        if (space > 0 && rest.substring(0, space).matches("[0-9]{1,9}")) {
            semantics = Integer.parseInt(rest.substring(0, space));
            tool = rest.substring(space + 1);
        }
    }

    private Mail mail(String recipe, String file) {
        EventTextTables read =
                EventTextFile.parse(String.join("\n", tables) + "\n", file).tables();
        if (read.cpus() > JournalHeader.CPUS_MAX || read.observed().size() > JournalHeader.OBSERVED_MAX) {
            throw new IllegalArgumentException(file + ": a machine of that size does not fit a journal");
        }
        parse(read);
        JournalHeader header = new JournalHeader(
                tool,
                semantics,
                "mail",
                clock,
                read.cpus(),
                read.eflagsAll(),
                List.of(EventKind.values()).stream()
                        .filter(read.delivers()::contains)
                        .toList(),
                read.observed(),
                read.symbols().symbols(),
                Map.of(),
                name,
                flow,
                workload,
                ExpectedEnd.line(read.expectedEnd()), // all that a mail says of its scenario
                recipe,
                read.architecture(),
                read.from());
        String content = String.join("\n", tables) + "\n\n" + String.join("\n", eventLines);
        return new Mail(header, events, lost, List.copyOf(losses.values()), content);
    }

    private void parse(EventTextTables read) {
        EventTextParser parser = new EventTextParser(read);
        if (!fromStart) {
            lose("the mail begins in the middle of a run");
        }
        for (String line : eventLines) {
            Event event = new Event();
            try {
                if (line.isEmpty()) {
                    lose("lines are missing in the mail");
                    continue;
                }
                parser.parse(line, event);
            } catch (IllegalArgumentException e) {
                lost++;
                lose("lines that cannot be read");
                continue;
            }
            if (event.step() < step()) {
                lost++;
                lose("lines that are out of order");
            } else {
                events.add(event.ordinal(events.size()));
            }
        }
        if (!complete) {
            lose("the mail ends before the run does");
        }
    }

    private long step() {
        return events.isEmpty() ? 0 : events.get(events.size() - 1).step();
    }

    private void lose(String why) {
        losses.merge(why, new Loss(why, 1, step()), (a, b) -> new Loss(why, a.count() + 1, a.firstStep()));
        boolean again = !events.isEmpty() && events.get(events.size() - 1).kind() == EventKind.LOST;
        if (!again) {
            events.add(new Event()
                    .begin(EventKind.LOST, step(), 0, 0)
                    .set(Lost.COUNT, -1)
                    .set(Lost.UNTIL, -1)
                    .text(why)
                    .ordinal(events.size()));
        }
    }
}
