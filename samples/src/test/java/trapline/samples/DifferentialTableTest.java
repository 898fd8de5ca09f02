package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.cli.ExitCode;

/**
 * The differential table of the handler flows: for each row a scenario that brings {@code kprobe_handler()} into the row's
 * situation, for each flow what the handler then did, as recorded: return value, eip, EFLAGS, status, current probe,
 * nmissed and preempt count all take part in the word ({@link HandlerCall#outcome()}).
 */
class DifferentialTableTest {

    private static final List<String> FLOWS = List.of(
            "linux-2.6.24",
            "patch-2008-01-01",
            "review-a",
            "review-b",
            "linux-2.6.25-merge",
            "linux-2.6.25",
            "linux-2.6.33",
            "linux-2.6.34",
            "linux-3.16");

    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    /** Scenario, status found (-: none runs), then the outcome for each flow; several are allowed where / stands. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                // row  found          2.6.24   posted   a        b        merge    2.6.25    2.6.33    2.6.34    3.16
                "d1     -              RUN      RUN      RUN      RUN      RUN      RUN       RUN       RUN       RUN",
                "d2     -              RUN      EXIT     EXIT     EXIT     EXIT     EXIT      EXIT      RUN       RUN",
                "d3     -              PASS     PASS     PASS     PASS     PASS     PASS      PASS      PASS      PASS",
                "d4     -              EXIT     EXIT     EXIT     EXIT     EXIT     EXIT      EXIT      EXIT      EXIT",
                "d4r    -              EXIT     PASS     PASS     PASS     PASS     PASS      PASS      EXIT      EXIT",
                "d5     ACTIVE         A2       A2       A2       A2       A2       A2        A2        A2/A2BOOST A2/A2BOOST",
                "d6     ACTIVE|SSDONE  A2       EXIT     EXIT     EXIT     EXIT     EXIT      EXIT      A2/A2BOOST A2/A2BOOST",
                "d7     SS             A2       PASS     A2       A2       A2       WARN+PASS BUG       BUG       A2/A2BOOST",
                "d7b    SS             A2       PASS     A2       A2       A2       A1        BUG       BUG       A2/A2BOOST",
                "d8     SS             A1       A1       A1       A2       A1       A1        BUG       BUG       A2",
                "d8b    SS             A1       A1       A1       A2       A1       WARN+PASS BUG       BUG       A2",
                "d9     SS             A2       EXIT     EXIT     EXIT     EXIT     EXIT      EXIT      BUG       A2/A2BOOST",
                "d10    SSDONE         A2       A2       A2       A2       A2       A2        A2        A2/A2BOOST A2/A2BOOST",
                "d11    REENTER        A2       BUG      BUG      BUG      WARN+LEAK WARN+PASS WARN+PASS WARN+PASS BUG",
                "d11n   REENTER        A2       EXIT     EXIT     EXIT     EXIT     EXIT      EXIT      WARN+PASS BUG",
                "d12    ACTIVE|SS|SSDONE EXIT   EXIT     EXIT     EXIT     EXIT     EXIT      EXIT      EXIT      EXIT",
                "d13    ACTIVE         LONGJMP  LONGJMP  LONGJMP  LONGJMP  LONGJMP  LONGJMP   LONGJMP   LONGJMP   LONGJMP",
                "d14    ACTIVE|SS|SSDONE PASS   PASS     PASS     PASS     PASS     PASS      PASS      PASS      PASS",
                "d15    ACTIVE|SS|SSDONE EXIT   PASS     PASS     PASS     PASS     PASS      PASS      EXIT      EXIT"
            })
    void row(String line) throws Exception {
        String[] cells = line.split("\\s+", -1);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < FLOWS.size(); i++) {
            String expected = cells[i + 2];
            List<HandlerCall> calls = HandlerCall.of(record(cells[0], FLOWS.get(i)));
            HandlerCall call = HandlerCall.first(calls, cells[1]);
            String seen = call == null ? "no call found " + cells[1] + " in " + calls : call.outcome();
            if (!List.of(expected.split("/", -1)).contains(seen)) {
                wrong.add(FLOWS.get(i) + ": expected " + expected + ", recorded " + seen);
            }
        }
        assertThat(wrong).as(cells[0]).isEmpty();
    }

    private Path record(String scenario, String flow) {
        Path journal = folder.resolve(scenario + "-" + flow + ".journal");
        ExitCode exitCode = trapline.run("record", scenario, "--flow", flow, "-o", journal.toString());
        assertThat(exitCode).as("%s", trapline.err()).isEqualTo(ExitCode.CLEAN);
        return journal;
    }
}
