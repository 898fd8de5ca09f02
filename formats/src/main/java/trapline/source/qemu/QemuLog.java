package trapline.source.qemu;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalHeader;
import trapline.events.Architecture;
import trapline.events.EventConsumer;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.events.TrapVector;
import trapline.source.kernel.ElfSymbols;
import trapline.source.kernel.Oops;

/**
 * A log of {@code qemu-system-x86_64} or {@code qemu-system-i386 -d int} as a source of events.
 *
 * <pre>
 * QemuLog log = new QemuLog();
 * log.text(console);                  what the kernel printed, a list of probes, System.map: in any order
 * log.survey(in, bytes -> {});        where the log can be read twice; else log.cpus(n)
 * header = log.header("vmlinuz", tool);
 * summary = log.read(in, writer, bytes -> {});
 * </pre>
 */
public final class QemuLog {

    /** What a step of such a stream counts. */
    public static final String CLOCK = "traps";

    /** The name of the source in a header. */
    public static final String SOURCE = "qemu-int";

    /** What {@link #peek} reads at the most. */
    public static final int PEEK_BYTES = 1 << 20;

    private static final int PROGRESS_LINES = 0x3fff;

    private final KernelText text = new KernelText();
    private @Nullable Probes probes;
    private @Nullable LogSurvey survey;
    private @Nullable Oops oops;
    private int cpus = 1;

    /**
     * What was found.
     *
     * @param traps complete records
     * @param breakpoints #BP among them
     * @param debugTraps #DB among them
     * @param gaps places where records are missing, torn or out of order
     * @param cpus CPUs of the header
     * @param probes the probes with what was derived of each
     * @param trouble why the log could not be read to its end; empty if it could
     */
    public record Summary(
            long traps, long breakpoints, long debugTraps, long gaps, int cpus, List<Probe> probes, String trouble) {}

    /**
     * Takes what a kernel printed: its console, its list of probes, its counters, its symbols.
     *
     * @param in lines; not closed
     */
    public void text(BufferedReader in) throws IOException {
        text.read(in);
    }

    /** The address of a symbol in the texts so far, or 0. */
    public long address(String symbol) {
        return text.address(symbol);
    }

    /** Takes the symbols of a vmlinux. */
    public void symbols(List<ElfSymbols.Entry> entries) {
        entries.forEach(entry -> text.symbol(entry.symbol(), entry.isCode()));
    }

    /** Takes what the kernel printed when it died: the trap that led there, if it is in the log, ends in a death. */
    public void oops(@Nullable Oops lastWords) {
        oops = oops == null ? lastWords : oops;
    }

    /** The number of CPUs, for a log that cannot be surveyed. */
    public void cpus(int count) {
        cpus = count;
    }

    /**
     * Reads a log once, for what must be known before its first event.
     *
     * @param progress is told how many bytes of text were read
     * @return whether it has any trap of an x86 guest
     */
    public boolean survey(InputStream log, LongConsumer progress) throws IOException {
        LogSurvey found = new LogSurvey();
        try {
            found.read(log, progress, false);
        } catch (EOFException | ZipException e) {
            // A compressed log that was cut: read() reports it.
        }
        survey = found;
        cpus = Math.max(cpus, found.taskBases().size());
        return found.hasTraps();
    }

    /**
     * Looks at the beginning of a log that can be read only once, for the architecture of its guest.
     *
     * @param log a stream that can go back ({@link InputStream#mark}) by {@link #PEEK_BYTES}
     */
    public void peek(InputStream log) throws IOException {
        LogSurvey found = new LogSurvey();
        log.mark(PEEK_BYTES);
        found.read(new BoundedStream(log, PEEK_BYTES), bytes -> {}, true);
        log.reset();
        survey = found;
    }

    private Set<String> watched() {
        return survey == null ? Set.of() : survey.watched();
    }

    private Probes probes() {
        if (probes == null) {
            probes = text.probes();
        }
        return probes;
    }

    /**
     * The header of the stream.
     *
     * @param name of the run
     * @param tool name and version of the program
     */
    public JournalHeader header(String name, String tool) {
        return new JournalHeader(
                tool,
                0,
                SOURCE,
                CLOCK,
                cpus,
                false,
                TrapEvents.delivers(watched()),
                TrapEvents.observed(probes(), cpus),
                usedSymbols(),
                Map.of(),
                name,
                "",
                "",
                "",
                "",
                survey != null && survey.isWide() ? Architecture.X86_64 : Architecture.I386,
                0);
    }

    /** A kernel has 100,000 symbols: those are kept that hold a probe or a trap. */
    private List<Symbol> usedSymbols() {
        SymbolTable table = new SymbolTable(text.symbols());
        Map<Long, Symbol> used = new TreeMap<>();
        probes().all().forEach(probe -> use(table, probe.address(), used));
        if (survey != null) {
            survey.places().forEach(place -> use(table, place, used));
        }
        return List.copyOf(used.values());
    }

    private static void use(SymbolTable table, long address, Map<Long, Symbol> used) {
        Symbol symbol = table.find(address);
        if (symbol != null) {
            used.put(symbol.address(), symbol);
        }
    }

    /**
     * Reads the log.
     *
     * @param log its text
     * @param out takes the events
     * @param progress is told how many bytes of text were read
     * @return what was found
     * @throws IOException if reading fails, other than by the end of a compressed log that was cut
     */
    public Summary read(InputStream log, EventConsumer out, LongConsumer progress) throws IOException {
        CpuNumbers numbers = new CpuNumbers(survey == null ? List.of() : survey.taskBases(), cpus);
        TrapEvents events = new TrapEvents(numbers, probes(), watched(), out);
        events.died(oops);
        LogParser parser = new LogParser(events);
        String trouble = "";
        try {
            lines(log, parser, progress);
        } catch (EOFException | ZipException e) {
            trouble = "the compressed log is cut or damaged";
        }
        parser.end();
        if (!trouble.isEmpty()) {
            events.lost(-1, trouble);
        }
        events.end();
        return new Summary(
                parser.traps(),
                events.count(TrapVector.BP),
                events.count(TrapVector.DB),
                events.losses(),
                cpus,
                probes().list(),
                trouble);
    }

    private static void lines(InputStream log, LogParser parser, LongConsumer progress) throws IOException {
        LogLines lines = new LogLines(log);
        while (lines.next()) {
            parser.line(lines.bytes(), lines.from(), lines.to(), lines.isCut());
            if ((lines.number() & PROGRESS_LINES) == 0) {
                progress.accept(lines.position());
                if (parser.traps() == 0 && lines.position() > LogSurvey.FIRST_TRAP_BYTES_MAX) {
                    return;
                }
            }
        }
    }
}
