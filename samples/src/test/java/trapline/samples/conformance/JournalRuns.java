package trapline.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import trapline.block.JournalException;
import trapline.cli.ExitCode;
import trapline.events.Event;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventKind;
import trapline.journal.Journal;
import trapline.samples.CapturedTrapline;

/** Records a guest as a user does and reads its traps back from the journal. */
final class JournalRuns {
    private JournalRuns() {}

    /** What a guest left: its traps, and what it wrote to COM1. */
    record Outcome(List<TrapEvent> traps, String console) {
        /** The same with some bits of EFLAGS cleared in every trap. */
        Outcome withoutFlags(int mask) {
            return new Outcome(
                    traps.stream().map(trap -> trap.withoutFlags(mask)).toList(), console);
        }
    }

    /**
     * The outcome of {@code trapline record WORDS}; the journal has to be closed and undamaged.
     *
     * @param journal directory to be created
     */
    static Outcome record(Path journal, String... words) throws IOException, JournalException {
        List<String> all = new ArrayList<>(List.of("record", "--json", "-o", journal.toString()));
        all.addAll(Arrays.asList(words));
        CapturedTrapline trapline = new CapturedTrapline();
        ExitCode exit = trapline.run(all.toArray(String[]::new));
        assertThat(exit).as("%s", trapline.err()).isEqualTo(ExitCode.CLEAN);
        List<TrapEvent> traps = new ArrayList<>();
        try (Journal opened = Journal.open(journal)) {
            assertThat(opened.closed()).isTrue();
            assertThat(opened.verify()).isEmpty();
            opened.read(event -> {
                if (event.kind() == EventKind.TRAP_ENTRY) {
                    traps.add(trap(event));
                }
            });
        }
        JsonNode summary = new ObjectMapper().readTree(trapline.out());
        return new Outcome(traps, summary.get("console").asText());
    }

    private static TrapEvent trap(Event event) {
        int vector = (int) event.value(TrapEntry.VECTOR);
        return new TrapEvent(
                (int) event.ip(),
                vector,
                Vectors.hasErrorCode(vector) ? (int) event.value(TrapEntry.ERROR) : 0,
                (int) event.value(TrapEntry.IP),
                (int) event.value(TrapEntry.EFLAGS),
                (int) event.value(TrapEntry.ESP),
                vector == Vectors.PF ? (int) event.value(TrapEntry.ADDRESS) : 0,
                vector == Vectors.DB ? (int) event.value(TrapEntry.DR6) : 0,
                List.of());
    }
}
