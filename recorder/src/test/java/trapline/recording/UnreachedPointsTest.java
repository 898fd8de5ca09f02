package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.cli.ExitCode;
import trapline.record.CapturedTrapline;

/** A point that a run never comes to is said once, on standard error, and changes nothing else. */
class UnreachedPointsTest {
    private static final String HEAD = "name: x\nflow: linux-2.6.24\nworkload: plain-probe\n";
    private static final String NEVER = "trapline: point never reached: ";

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();
    private String plainOut = "";

    @BeforeEach
    void recordWithoutPoints() throws IOException {
        assertThat(record(HEAD)).isEqualTo(ExitCode.CLEAN);
        assertThat(warnings()).isEmpty();
        plainOut = trapline.out();
    }

    private ExitCode record(String scenario, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("x.yaml"), scenario);
        List<String> words = new ArrayList<>(List.of(
                "record", file.toString(), "-o", folder.resolve("x.journal").toString(), "--force"));
        words.addAll(List.of(options));
        return trapline.run(words.toArray(String[]::new));
    }

    private List<String> warnings() {
        return trapline.err()
                .lines()
                .filter(line -> line.contains("never reached"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "what: nmi, at: {event: eflags_write, count: 1000000} | nmi at eflags_write 1000000 \\(…with \\d{4} of them\\)",
                "what: irq, vector: 0x30, cpu: 0, at: {step: 9000000} | irq 0x30 to cpu 0 at step 9000000 \\(…at step \\d{4,6}\\)",
                "what: nmi, at: {arrival: do_int3, count: 77} | nmi at arrival 77 at do_int3 \\(…with [1-9]\\d? of them\\)",
                "what: nmi, at: {arrival: 0x100004, cpu: 0} | nmi at arrival 1 at 0x100004 on cpu 0 \\(…with 0 of them\\)",
                "what: poke, address: p1+4, bytes: \"00\", at: {event: trap_entry, where: {vector: 14, origin: injected}} | "
                        + "poke of p1\\+0x4 at trap_entry \\{origin: injected, vector: 14} 1 \\(…with 0 of them\\)",
                "what: not-present, page: p1, at: {event: halt} | not-present of p1 at halt 1 \\(…with 0 of them\\)"
            })
    void isOneLineThatSaysHowFarTheRunCame(String injection, String line) throws IOException {
        assertThat(record(HEAD + "inject: [{" + injection + "}]\n")).isEqualTo(ExitCode.CLEAN);
        String expected = NEVER + line.replace("…", "the run ended ") + "; see .*x\\.yaml:4:10";
        assertThat(warnings()).singleElement().asString().matches(expected);
        assertThat(trapline.out()).as("as without the point").isEqualTo(plainOut);
    }

    @Test
    void switchPointsAreSuchPointsToo() throws IOException {
        record(HEAD + "schedule: {kind: explicit, switches: [{at: {step: 8000000}, to: 0}]}\n");
        assertThat(warnings())
                .singleElement()
                .asString()
                .matches(NEVER
                        + "switch to cpu 0 at step 8000000 \\(the run ended at step \\d+\\); see .*x\\.yaml:4:.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--check", "--json", "--eflags=control"})
    void whateverElseIsAskedFor(String option) throws IOException {
        String injection = "inject: [{what: nmi, at: {event: eflags_write, count: 1000000}}]\n";
        assertThat(record(HEAD + injection, option)).isEqualTo(ExitCode.CLEAN);
        assertThat(warnings()).hasSize(1);
        assertThat(trapline.out()).isNotEmpty().doesNotContain("never reached");
    }

    @Test
    void pointsThatComeAreNotMentioned() throws IOException {
        record(HEAD + "inject: [{what: nmi, at: {step: 7300}}, {what: nmi, at: {event: trap_entry, count: 2}}]\n");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void veryManyAreCounted() throws IOException {
        String point = "  - {what: nmi, at: {event: bug}}\n";
        record(HEAD + "inject:\n" + point.repeat(25));
        assertThat(warnings()).hasSize(11);
        assertThat(warnings().get(10)).isEqualTo("trapline: 15 more points never reached");
    }
}
