package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.cli.ExitCode;
import trapline.events.Event;
import trapline.events.EventFields.Inject;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventKind;
import trapline.events.InjectKind;
import trapline.events.TextActor;
import trapline.events.TrapOrigin;
import trapline.journal.Journal;

/** Everything that can be injected, at every kind of moment: it is done there, and the guest feels it. */
class InjectionTest {
    private static final String HEAD =
            "name: x\nflow: linux-2.6.24\nworkload: plain-probe\nlimits: {instructions: 20000}\n";
    private static final int PAGE_FAULT = 14;
    private static final int NMI = 2;
    private static final int IRQ = 0x30;
    private static final Map<String, String> WHAT = Map.of(
            "nmi", "what: nmi",
            "irq", "what: irq, vector: 0x30",
            "poke", "what: poke, address: probed_insn+1, bytes: \"01\"",
            "not-present", "what: not-present, page: p1, faults: 1");
    private static final Map<String, String> AT = Map.of(
            "step", "step: 7300",
            "arrival", "arrival: do_int3, count: 2",
            "event", "event: trap_entry, count: 3");

    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();
    private List<Event> undisturbed = List.of();

    @BeforeEach
    void recordUndisturbed() throws Exception {
        undisturbed = record("plain", HEAD);
    }

    private List<Event> record(String name, String scenario) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), scenario);
        Path journal = folder.resolve(name + ".journal");
        ExitCode exit = trapline.run("record", file.toString(), "-o", journal.toString());
        assertThat(exit).as("%s", trapline.err()).isIn(ExitCode.CLEAN, ExitCode.LOSSY);
        List<Event> events = new ArrayList<>();
        try (Journal opened = Journal.open(journal)) {
            assertThat(opened.closed()).isTrue();
            opened.read(event -> events.add(event.copy()));
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource({
        "nmi, step",
        "nmi, arrival",
        "nmi, event",
        "irq, step",
        "irq, arrival",
        "irq, event",
        "poke, step",
        "poke, arrival",
        "poke, event",
        "not-present, step",
        "not-present, arrival",
        "not-present, event"
    })
    void isDoneAtItsMomentAndFelt(String what, String at) throws Exception {
        List<Event> events = record("x", HEAD + "inject: [{" + WHAT.get(what) + ", at: {" + AT.get(at) + "}}]\n");
        List<Event> injections =
                events.stream().filter(e -> e.kind() == EventKind.INJECT).toList();
        assertThat(injections).as("injections").hasSizeBetween(1, what.equals("not-present") ? 2 : 1);
        Event injection = injections.get(0);
        assertThat(injection.step()).as("step").isEqualTo(stepOf(at));
        assertThat(injection.value(Inject.WHAT)).isEqualTo(kind(what).code());
        assertThat(events.subList(events.indexOf(injection), events.size())).anyMatch(felt(what));
        assertThat(events.subList(0, events.indexOf(injection))).noneMatch(felt(what));
    }

    /** Where the run without injection says that the moment is. */
    private long stepOf(String at) {
        return switch (at) {
            case "step" -> 7300;
            case "arrival" ->
                nth(2, e -> e.kind() == EventKind.CALL_ENTRY && isAt(e, "do_int3"))
                        .step();
            // an INT3 has retired when its handler's first instruction is next
            default -> nth(3, e -> e.kind() == EventKind.TRAP_ENTRY).step() + 1;
        };
    }

    private boolean isAt(Event event, String function) {
        try (Journal journal = Journal.open(folder.resolve("plain.journal"))) {
            return journal.header().symbols().stream()
                    .anyMatch(s -> s.name().equals(function) && s.address() == event.ip());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Event nth(int count, Predicate<Event> wanted) {
        return undisturbed.stream().filter(wanted).skip(count - 1).findFirst().orElseThrow();
    }

    private static InjectKind kind(String what) {
        return switch (what) {
            case "nmi" -> InjectKind.NMI;
            case "irq" -> InjectKind.IRQ;
            case "poke" -> InjectKind.POKE;
            default -> InjectKind.NOT_PRESENT;
        };
    }

    private static Predicate<Event> felt(String what) {
        return switch (what) {
            case "nmi" -> e -> isInjectedTrap(e, NMI);
            case "irq" -> e -> isInjectedTrap(e, IRQ);
            case "poke" -> e -> e.kind() == EventKind.TEXT_WRITE && e.value(TextWrite.BY) == TextActor.INJECTION.code();
            default -> e -> isInjectedTrap(e, PAGE_FAULT);
        };
    }

    private static boolean isInjectedTrap(Event event, int vector) {
        return event.kind() == EventKind.TRAP_ENTRY
                && event.value(TrapEntry.VECTOR) == vector
                && event.value(TrapEntry.ORIGIN) == TrapOrigin.INJECTED.code();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{what: nmi, at: {arrival: nowhere}} | s.yaml:5:10: the guest has no symbol 'nowhere'",
                "{what: poke, address: nowhere, bytes: \"00\", at: {step: 1}} | the guest has no symbol 'nowhere'",
                "{what: not-present, page: nowhere, at: {step: 1}} | the guest has no symbol 'nowhere'",
                "{what: nmi, at: {step: -1}} | s.yaml:5:33: 'step' must be between 0 and",
                "{what: nmi, at: {arrival: do_int3, count: -2}} | 'count' must be between 1 and",
                "{what: nmi, at: {event: trap_entry, count: 0}} | 'count' must be between 1 and",
                "{what: nmi, at: {event: earthquake}} | unknown kind of event 'earthquake'",
                "{what: irq, vector: 3, at: {step: 1}} | 'vector' must be between 16 and 255",
                "{what: poke, address: p1, bytes: \"0g\", at: {step: 1}} | 'bytes' must be pairs of hexadecimal digits",
                "{what: nmi, at: {step: 1 | s.yaml:5:34: not valid YAML",
                "{what: nmi} | s.yaml:5:10: key 'at' is missing",
                "{what: flood, at: {step: 1}} | s.yaml:5:17: unknown injection 'flood'"
            })
    void wrongInputIsOneLineWithItsPlace(String injection, String message) throws Exception {
        Path file = Files.writeString(folder.resolve("s.yaml"), HEAD + "inject: [" + injection + "]\n");
        Path journal = folder.resolve("s.journal");
        assertThat(trapline.run("record", file.toString(), "-o", journal.toString()))
                .isEqualTo(ExitCode.UNREADABLE);
        String text = trapline.err();
        assertThat(text.lines()).as(text).hasSize(1);
        assertThat(text).startsWith("trapline: ").contains("s.yaml:", message);
        assertThat(journal).doesNotExist();
    }

    @Test
    void aPokeWhereNothingIsMappedEndsTheRunAndTheJournal() throws Exception {
        List<Event> events =
                record("s", HEAD + "inject: [{what: poke, address: 0xf0000000, bytes: \"00\", at: {step: 7000}}]\n");
        Event last = events.get(events.size() - 1);
        assertThat(last.kind()).isEqualTo(EventKind.HALT);
        assertThat(last.step()).isEqualTo(7000);
        assertThat(last.text())
                .contains("s.yaml:5:10: cannot be done now: linear address f0000000 is not mapped to RAM");
    }
}
