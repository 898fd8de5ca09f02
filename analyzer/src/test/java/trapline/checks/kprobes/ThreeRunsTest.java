package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trapline.checks.CheckInfo;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.text.EventText;
import trapline.text.EventTextFile;

/**
 * For each check a run that passes, one that fails and one in which its situation does not occur. All verdicts and all
 * findings over all traces are in {@code verdicts.expected}; {@code -Dupdate.expected=true} rewrites it.
 */
class ThreeRunsTest {

    private static final Path RESOURCES = Path.of("src", "test", "resources", "trapline", "checks");

    static List<String> ids() {
        return Checks.infos().stream().map(CheckInfo::id).toList();
    }

    @ParameterizedTest
    @MethodSource("ids")
    void passes(String id) throws IOException {
        CheckResult result = Traces.result(id + ".pass", id);
        assertThat(result.findings()).isEmpty();
        assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @MethodSource("ids")
    void fails(String id) throws IOException {
        CheckResult result = Traces.result(id + ".fail", id);
        assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.FAIL);
        Finding finding = result.findings().get(0);
        assertThat(finding.sentence()).isNotEmpty();
        assertThat(finding.slice()).hasSizeBetween(2, 8).contains(finding.event());
    }

    @ParameterizedTest
    @MethodSource("ids")
    void isNotExercised(String id) throws IOException {
        assertThat(Traces.result(id + ".idle", id).verdict()).isEqualTo(Verdict.NOT_EXERCISED);
    }

    @Test
    void nothingElseIsClaimedOfAnyTrace() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String trace : traces()) {
            lines.add("== " + trace);
            EventTextFile file = Traces.load(trace);
            for (CheckResult result : Traces.judge(file)) {
                describe(result, file, lines);
            }
        }
        Path expected = RESOURCES.resolve("verdicts.expected");
        if (Boolean.getBoolean("update.expected")) {
            Files.write(expected, lines);
        }
        assertThat(lines).isEqualTo(Files.readAllLines(expected));
    }

    private static void describe(CheckResult result, EventTextFile file, List<String> lines) {
        if (result.verdict() == Verdict.NOT_EXERCISED) {
            return;
        }
        lines.add(result.verdict() + " " + result.info().id() + " " + result.exercised() + " " + result.reason());
        EventText text = new EventText(file.tables());
        for (Finding finding : result.findings()) {
            lines.add("  " + finding.signature() + ": " + finding.sentence());
            finding.slice().forEach(event -> lines.add("    " + text.line(event)));
            finding.causes().forEach(cause -> lines.add("    " + cause.ordinal() + " " + cause.role()));
        }
    }

    private static List<String> traces() throws IOException {
        try (var files = Files.list(RESOURCES)) {
            return files.map(file -> Objects.requireNonNull(file.getFileName()).toString())
                    .filter(name -> name.endsWith(".events"))
                    .map(name -> name.substring(0, name.length() - ".events".length()))
                    .sorted()
                    .toList();
        }
    }
}
