package trapline.source.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import trapline.events.Symbol;

/**
 * What a kernel printed about itself: a list of probes, the counters of its events, symbols, and hits of the trace buffer.
 * All are known by the form of their lines, so that a saved console, a copy of {@code kprobes/list}, of
 * {@code kprobe_events} or of {@code kprobe_profile}, and a {@code System.map} can all be given as they are.
 *
 * <pre>
 * ffffffff8134997b  k  vfs_read+0x2b    [DISABLED]                     kprobes/list
 *   vr_push                           40               0               kprobe_profile: event, hits, missed
 * p:k/vr_push vfs_read+9                                               kprobe_events
 * ffffffff81349950 T vfs_read                                          kallsyms, System.map
 *   dd-93 [000] ..Zff 1.925360: vr_push: (vfs_read+0x9/0x310)          trace: which event is where
 * </pre>
 */
final class KernelText {

    private static final Pattern LISTED =
            Pattern.compile("([0-9a-f]{8,16}) +([a-z]) +([^ +]+)(?:\\+0x([0-9a-f]+))?( .*)?");
    private static final Pattern COUNTED = Pattern.compile(" {2}(\\S{1,64}) +(\\d{1,18}) +(\\d{1,18})");
    private static final Pattern SYMBOL = Pattern.compile("([0-9a-f]{8,16}) ([a-zA-Z]) (\\S+).*");
    private static final Pattern TRACED = Pattern.compile(
            ".*\\] .*\\d: (\\w+): \\((?:\\S+ <- )?([^ +]+)\\+?(?:0x([0-9a-f]+))?(?:/0x[0-9a-f]+)?\\).*");
    private static final Pattern DEFINED =
            Pattern.compile("[pr]\\d*:(?:[^/ ]+/)?(\\S+) (?:[^: ]+:)?([^ +]+)(?:\\+(0x[0-9a-f]+|\\d+))?( .*)?");

    /** Names of places, not of functions: what lies behind them is not theirs. */
    private static final Set<String> BOUNDS = Set.of("_text", "_stext", "_etext", "_sinittext", "_einittext");

    /** On x86-64 modules, and instruction slots among them, are behind this. */
    private static final long MODULES = 0xffffffffc0000000L;

    /** Longer lines are something else. */
    private static final int LINE_MAX = 1000;

    private static final int SYMBOLS_MAX = 1 << 20;

    private record Listed(long address, String place, boolean byFtrace) {}

    private record Counts(long hits, long missed) {}

    private final List<Listed> listed = new ArrayList<>();
    private final Map<String, Counts> counted = new LinkedHashMap<>();
    private final Map<String, String> placeOfEvent = new HashMap<>();
    private final Map<String, Long> addresses = new HashMap<>();
    private final List<Symbol> symbols = new ArrayList<>();

    /** Reads a text; several are put together. */
    void read(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.length() <= LINE_MAX) {
                take(line.stripTrailing());
            }
        }
    }

    private void take(String line) {
        if (!match(SYMBOL, line, this::symbol)
                && !match(LISTED, line, this::listed)
                && !match(COUNTED, line, this::counted)
                && !match(TRACED, line, this::placed)) {
            match(DEFINED, line, this::placed);
        }
    }

    private static boolean match(Pattern pattern, String line, Consumer<Matcher> then) {
        Matcher m = pattern.matcher(line);
        boolean matches = m.matches();
        if (matches) {
            then.accept(m);
        }
        return matches;
    }

    private void listed(Matcher m) {
        String flags = m.group(5) == null ? "" : m.group(5);
        listed.add(new Listed(hex(m.group(1)), place(m, 3), flags.contains("[FTRACE]")));
    }

    private void placed(Matcher m) {
        placeOfEvent.putIfAbsent(m.group(1), place(m, 2));
    }

    private void counted(Matcher m) {
        counted.put(m.group(1), new Counts(Long.parseLong(m.group(2)), Long.parseLong(m.group(3))));
    }

    private void symbol(Matcher m) {
        long address = hex(m.group(1));
        String name = m.group(3);
        addresses.putIfAbsent(name, address);
        boolean isCode = m.group(2).equalsIgnoreCase("t") && !BOUNDS.contains(name);
        if (isCode && symbols.size() < SYMBOLS_MAX) {
            symbols.add(new Symbol(name, address, 0));
        }
    }

    private static String place(Matcher m, int group) {
        String offset = m.group(group + 1);
        long number = offset == null
                ? 0
                : offset.startsWith("0x")
                        ? hex(offset.substring(2))
                        : m.pattern() == DEFINED ? Long.parseLong(offset) : hex(offset);
        return m.group(group) + "+0x" + Long.toHexString(number);
    }

    private static long hex(String digits) {
        return digits.length() > 16 ? 0 : Long.parseUnsignedLong(digits, 16);
    }

    /** Takes a symbol from elsewhere. */
    void symbol(Symbol symbol, boolean isCode) {
        addresses.putIfAbsent(symbol.name(), symbol.address());
        if (isCode && symbols.size() < SYMBOLS_MAX) {
            symbols.add(symbol);
        }
    }

    /** Where a name of the kernel is, or 0. */
    long address(String name) {
        return addresses.getOrDefault(name, 0L);
    }

    /** Symbols of code, in the order in which they were read. */
    List<Symbol> symbols() {
        return symbols;
    }

    /** The probes that all texts together tell of. */
    Probes probes() {
        Probes probes = new Probes();
        for (Listed row : listed) {
            probes.add(row.address, row.place, row.byFtrace);
        }
        if (listed.isEmpty()) {
            placeOfEvent.values().forEach(place -> addByPlace(probes, place));
        }
        placeOfEvent.forEach((event, place) -> {
            Probe probe = probes.named(place);
            if (probe != null) {
                probe.named(event);
            }
        });
        nameTheLast(probes);
        for (Map.Entry<String, Counts> row : counted.entrySet()) {
            Probe probe = probes.named(row.getKey());
            if (probe != null) {
                probe.counted(row.getValue().hits, row.getValue().missed);
            }
        }
        coreText(probes);
        return probes;
    }

    /** Between _stext and _etext, else between the symbols and probes that are known; where modules are is no core text. */
    private void coreText(Probes probes) {
        long begin = address("_stext");
        long end = address("_etext");
        if (begin == 0 || end == 0) {
            long[] known = LongStream.concat(
                            symbols.stream().mapToLong(Symbol::address),
                            probes.all().stream().mapToLong(Probe::address))
                    .filter(address -> Long.compareUnsigned(address, MODULES) < 0)
                    .sorted()
                    .toArray();
            begin = known.length == 0 ? 0 : known[0];
            end = known.length == 0 ? 0 : known[known.length - 1] + 1;
        }
        probes.coreText(begin, end);
    }

    private void addByPlace(Probes probes, String place) {
        int plus = place.lastIndexOf("+0x");
        long begin = address(place.substring(0, plus));
        if (begin != 0) {
            probes.add(begin + hex(place.substring(plus + 3)), place, false);
        }
    }

    /** An event that never ran its handlers is in no trace: if one event and one probe are left, they belong together. */
    private void nameTheLast(Probes probes) {
        List<String> events = counted.keySet().stream()
                .filter(event -> !placeOfEvent.containsKey(event))
                .toList();
        List<Probe> nameless = probes.all().stream()
                .filter(probe -> !probe.isNamed() && !probe.byFtrace())
                .toList();
        if (events.size() == 1 && nameless.size() == 1) {
            nameless.get(0).named(events.get(0));
        }
    }
}
