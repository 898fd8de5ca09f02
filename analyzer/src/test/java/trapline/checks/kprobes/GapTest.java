package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Verdict;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.StreamState;
import trapline.text.EventTextFile;

/**
 * Events that are lost prove nothing: whatever is missing from a trace, no check fails that does not fail on the whole of
 * it, and none passes. With and without the state in which the stream goes on, as a block of a journal brings it.
 */
class GapTest {

    private static final List<Integer> LENGTHS = List.of(1, 2, 20);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gap.call", // the same slot twice
                "gap.disabled", // all probes off, and on again
                "gap.instance", // an aggregate, then a plain probe
                "gap.reentry", // a probe in another's handler, then a plain hit
                "gap.slot", // a slot that another probe gets
                "golden.t1",
                "golden.t2",
                "golden.t5",
                "golden.t6",
                "golden.t8",
                "golden.t9",
                "FAULT-CANCEL.pass",
                "JPROBE-RESTORED.pass",
                "KRETPROBE-CURRENT.pass",
                "NO-INTERRUPTS.fail",
                "SLOT-LIFE.pass",
                "TEXT-RESTORED.fail",
                "VANISHED-UNTOUCHED.pass",
            })
    void whatIsLostIsNoViolation(String name) throws IOException {
        EventTextFile trace = Traces.load(name);
        Set<String> whole = failures(Traces.judge(trace));
        for (int length : LENGTHS) {
            for (int from = 1; from + length < trace.events().size(); from++) {
                for (boolean resumed : List.of(false, true)) {
                    List<CheckResult> results = withGap(trace, from, from + length, resumed);
                    assertThat(whole)
                            .as("%s without events %d to %d, resumed: %s", name, from, from + length, resumed)
                            .containsAll(failures(results));
                    assertThat(results).noneMatch(result -> result.verdict() == Verdict.PASS);
                }
            }
        }
    }

    static Set<String> failures(List<CheckResult> results) {
        return results.stream()
                .filter(result -> result.verdict() == Verdict.FAIL)
                .map(result -> result.info().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static List<CheckResult> withGap(EventTextFile trace, int from, int to, boolean resumed) throws IOException {
        CheckRun run = new CheckRun(trace.tables(), Checks.all());
        StreamState stream =
                new StreamState(trace.tables().cpus(), trace.tables().observed());
        for (Event event : trace.events()) {
            int at = (int) event.ordinal();
            if (at == from) {
                run.accept(lost(event, to - from));
            }
            if (at == to && resumed) {
                run.resume(stream);
            }
            if (at < from || at >= to) {
                run.accept(event);
            }
            stream.apply(event);
        }
        return run.results(true, consumer -> trace.events().forEach(consumer::accept));
    }

    private static Event lost(Event before, int count) {
        Event lost = new Event().begin(EventKind.LOST, before.step(), 0, 0).ordinal(before.ordinal());
        return lost.set(Lost.COUNT, count).set(Lost.UNTIL, before.step());
    }
}
