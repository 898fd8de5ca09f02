package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.CheckRun;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.journal.Journal;

/** Each historical bug: the check that must catch it fails under the flow that has it, and not under one that has not. */
class BugVerdictsTest {

    @TempDir
    private Path directory;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private Verdict verdict(String scenario, String flow, String check) throws IOException {
        Path path = directory.resolve(flow + ".journal");
        trapline.run("record", scenario, "--flow", flow, "-o", path.toString());
        try (Journal journal = Journal.open(path)) {
            CheckRun checks = new CheckRun(journal.header().textTables(), Checks.all());
            journal.read(checks);
            return checks.results(journal.closed(), journal::read).stream()
                    .filter(result -> result.info().id().equals(check))
                    .findFirst()
                    .orElseThrow()
                    .verdict();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bug-04, VANISHED-UNTOUCHED, bug-04, linux-2.6.24",
        "bug-07, CURRENT-BALANCED, linux-2.6.24, bug-07-fixed",
        "bug-07, PREEMPT-BALANCED, linux-2.6.24, bug-07-fixed",
        "bug-08, INT3-OWNERSHIP, bug-08, linux-2.6.24",
        "bug-08, ARM-ORDER, bug-08, linux-2.6.24",
        "bug-15, NO-NESTED-REENTER, linux-2.6.24, bug-15-fixed",
        "bug-15, BOUNDED-NESTING, linux-2.6.24, bug-15-fixed",
        "bug-34, PREEMPT-BALANCED, bug-34, bug-34-fixed",
        "bug-40, INT3-OWNERSHIP, linux-2.6.25, linux-3.16",
        "bug-41, FAULT-CANCEL, linux-2.6.25, bug-41-fixed",
        "bug-42, FAULT-CANCEL, linux-2.6.24, linux-3.16",
        "bug-42-slot, SLOT-LIFE, linux-2.6.24, linux-3.16",
        "bug-48c, INT3-OWNERSHIP, linux-2.6.25-merge, linux-2.6.34",
        "bug-50, FAULT-CANCEL, linux-2.6.24, bug-50-fixed",
        "bug-50, TF-RESTORED, linux-2.6.24, bug-50-fixed",
        "bug-50, DEBUG-STATE, linux-2.6.24, bug-50-fixed",
        "bug-55, CURRENT-BALANCED, linux-3.16, bug-55-fixed",
        "bug-55, PREEMPT-BALANCED, linux-3.16, bug-55-fixed",
        "bug-58, STATUS-COUPLED, bug-58, linux-5.13",
    })
    void theCheckTellsTheBugFromItsFix(String scenario, String check, String buggy, String fixed) throws IOException {
        assertThat(verdict(scenario, buggy, check))
                .as("%s under %s", check, buggy)
                .isEqualTo(Verdict.FAIL);
        assertThat(verdict(scenario, fixed, check))
                .as("%s under %s", check, fixed)
                .isIn(Verdict.PASS, Verdict.NOT_EXERCISED);
    }
}
