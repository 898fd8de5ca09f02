package trapline.block;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Architecture;
import trapline.events.EventKind;
import trapline.events.ExpectedEnd;
import trapline.events.Observed;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.events.Visible;
import trapline.text.EventTextTables;

/**
 * What a journal says of itself before its first event.
 *
 * @param tool name and version of the program that wrote it
 * @param semantics version of the machine's semantics: the same recipe gives the same events under the same number
 * @param source what the events come from, such as {@code machine}
 * @param clock what a step counts, such as {@code retired instructions}
 * @param cpus number of CPUs
 * @param eflagsAll whether every EFLAGS write is recorded; if not, only those that change a control flag
 * @param delivers kinds of events that the source can deliver
 * @param observed observation table of the guest
 * @param symbols symbols of the guest image
 * @param images SHA-256 of each object that the guest was linked from, by file name
 * @param name of the scenario, or of the guest
 * @param flow handler flow; empty for a guest without one
 * @param workload workload; empty for a guest without one
 * @param scenario text of the scenario file; empty for a guest without one
 * @param recipe text that regenerates the journal; empty where there is none
 * @param architecture of the CPUs; stored only where it is not {@code i386}
 * @param from step before which nothing was recorded because no probe was registered yet; stored only where it is not 0
 */
public record JournalHeader(
        String tool,
        int semantics,
        String source,
        String clock,
        int cpus,
        boolean eflagsAll,
        List<EventKind> delivers,
        List<Observed> observed,
        List<Symbol> symbols,
        Map<String, String> images,
        String name,
        String flow,
        String workload,
        String scenario,
        String recipe,

        @JacksonInject(value = JournalHeader.ARCHITECTURE, useInput = OptBoolean.TRUE)
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = UsualArchitecture.class)
        Architecture architecture,

        @JacksonInject(value = JournalHeader.FROM, useInput = OptBoolean.TRUE)
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        long from) {

    /** What a header that does not say where it begins is read with. */
    static final String FROM = "from";

    /** What a header that does not name its architecture is read with. */
    static final String ARCHITECTURE = "architecture";

    /** A header; names are shown as {@link Visible#line} does. */
    public JournalHeader {
        tool = Visible.line(tool);
        source = Visible.line(source);
        clock = Visible.line(clock);
        name = Visible.line(name);
        flow = Visible.line(flow);
        workload = Visible.line(workload);
    }

    /** The most CPUs that a journal may have. */
    public static final int CPUS_MAX = 64;

    /** The most rows that an observation table may have. */
    public static final int OBSERVED_MAX = 4096;

    /** Equal to the architecture that headers do not name. */
    static final class UsualArchitecture {

        @Override
        public boolean equals(@Nullable Object other) {
            return other == Architecture.I386;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    /** As above, of i386 CPUs. */
    public JournalHeader(
            String tool,
            int semantics,
            String source,
            String clock,
            int cpus,
            boolean eflagsAll,
            List<EventKind> delivers,
            List<Observed> observed,
            List<Symbol> symbols,
            Map<String, String> images,
            String name,
            String flow,
            String workload,
            String scenario,
            String recipe) {
        this(
                tool,
                semantics,
                source,
                clock,
                cpus,
                eflagsAll,
                delivers,
                observed,
                symbols,
                images,
                name,
                flow,
                workload,
                scenario,
                recipe,
                Architecture.I386,
                0);
    }

    /** The symbols by address and name. */
    public SymbolTable symbolTable() {
        return new SymbolTable(symbols);
    }

    /** The tables that give the events' numbers their names in text. */
    public EventTextTables textTables() {
        return new EventTextTables(
                cpus,
                Set.copyOf(delivers),
                eflagsAll,
                observed,
                symbolTable(),
                architecture,
                ExpectedEnd.of(scenario, flow),
                from);
    }
}
