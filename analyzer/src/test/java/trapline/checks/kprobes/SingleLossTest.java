package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trapline.checks.CheckResult;
import trapline.checks.Verdict;
import trapline.text.EventTextFile;

/** Every trace there is, without every single one of its events: {@link GapTest} has longer gaps in some of them. */
class SingleLossTest {

    static List<String> traces() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(Traces.class.getResource("/trapline/checks/golden.t1.events"))
                        .toURI())
                .getParent();
        try (Stream<Path> files = Files.list(Objects.requireNonNull(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".events"))
                    .map(name -> name.replace(".events", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("traces")
    void oneLostEventIsNoViolation(String name) throws IOException {
        EventTextFile trace = Traces.load(name);
        Set<String> whole = GapTest.failures(Traces.judge(trace));
        List<String> accused = new ArrayList<>();
        for (int lost = 0; lost < trace.events().size(); lost++) {
            for (boolean resumed : List.of(false, true)) {
                List<CheckResult> results = GapTest.withGap(trace, lost, lost + 1, resumed);
                Set<String> more = new TreeSet<>(GapTest.failures(results));
                more.removeAll(whole);
                if (!more.isEmpty()) {
                    accused.add("without event " + lost + (resumed ? ", resumed: " : ": ") + more);
                }
                assertThat(results).noneMatch(result -> result.verdict() == Verdict.PASS);
            }
        }
        assertThat(accused).as(name).isEmpty();
    }
}
