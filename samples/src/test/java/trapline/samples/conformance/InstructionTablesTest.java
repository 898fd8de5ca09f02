package trapline.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The machine does what the hardware did, bit for bit: one test per opcode form. The ordinary build replays every eighth
 * case, {@code -Pconformance} all of them and the matrix with them.
 */
class InstructionTablesTest {
    private static final int CASES_MIN = 200;
    private static final int STRIDE = 8;

    private static final boolean IS_FULL = Boolean.getBoolean("conformance.full");
    private static final List<CorpusReplay.Result> RESULTS = new ArrayList<>();

    @TestFactory
    List<DynamicContainer> everyFormDoesWhatTheHardwareDid() throws IOException {
        CorpusReplay replay = new CorpusReplay();
        List<DynamicContainer> tables = new ArrayList<>();
        for (String table : CorpusTables.names()) {
            List<DynamicTest> tests = CorpusTables.load(table).stream()
                    .map(form ->
                            DynamicTest.dynamicTest(form.name() + " | " + form.encoding(), () -> replay(replay, form)))
                    .toList();
            tables.add(DynamicContainer.dynamicContainer(table, tests));
        }
        return tables;
    }

    private static void replay(CorpusReplay replay, CorpusForm form) {
        CorpusReplay.Result result = replay.replay(form, IS_FULL ? 1 : STRIDE);
        RESULTS.add(result);
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void everyFormHasEnoughCases() throws IOException {
        for (String table : CorpusTables.names()) {
            assertThat(CorpusTables.load(table))
                    .allSatisfy(
                            form -> assertThat(form.lines()).as(form.name()).hasSizeGreaterThanOrEqualTo(CASES_MIN));
        }
    }

    /** The matrix says what this run found; in the ordinary build, that it lists the forms and cases there are. */
    @AfterAll
    static void theMatrixIsCurrent() throws IOException {
        Matrix.check(RESULTS, IS_FULL);
    }
}
