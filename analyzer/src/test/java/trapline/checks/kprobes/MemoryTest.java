package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trapline.checks.Check;
import trapline.checks.CheckInfo;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Repeatable;
import trapline.replay.ReplayState;
import trapline.replay.TwoParts;
import trapline.text.EventTextFile;

/** A check that keeps anything of a stream says what of it matters later: streams are judged in parts. */
class MemoryTest {

    /** At most so many hits: a claim whose author has thought of one plain reading. */
    private static final class Forgetful extends MemorylessCheck {

        private long hits;

        Forgetful() {
            super(Naive.INFO);
        }

        @Override
        public void hit(Life life, Event e, ReplayState state) {
            if (++hits > 1) {
                violated(e, state, "", "hit " + hits);
            }
        }
    }

    @Test
    void whoKeepsAnythingCannotSayThatItRemembersNothing() {
        assertThatThrownBy(Forgetful::new)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Forgetful keeps hits: it must say what of it matters later");
    }

    @Test
    void allThatAreBuiltInCanBeTakenInParts() {
        assertThat(Checks.all()).allMatch(Repeatable.class::isInstance);
        assertThat(new Naive(1)).isNotInstanceOf(Repeatable.class);
    }

    /**
     * How often the same int3 was taken in a row is in no memory: whoever begins with an int3 that is taken again is not
     * certain. A listener that has replayed another part begins anew.
     */
    @Test
    void anInt3ThatIsTakenAgainRightAtTheBeginMayBeOneOfMany() throws IOException {
        EventTextFile gone = Traces.load("VANISHED-UNTOUCHED.pass");
        EventTextFile stepped = Traces.load("INT3-PROGRESS.pass");
        assertThat(certain(gone, null, gone)).isFalse();
        assertThat(certain(gone, null, stepped)).isTrue();
        assertThat(certain(gone, stepped, gone)).isFalse();
        assertThat(certain(null, stepped, gone)).as("it has seen all before").isTrue();
    }

    /**
     * Whether a run is certain of a trace that it goes on with.
     *
     * @param before what another run has seen before it; null: it goes on with what it has seen itself
     * @param itself what it has replayed otherwise
     */
    private static boolean certain(
            @Nullable EventTextFile before, @Nullable EventTextFile itself, EventTextFile trace) {
        CheckRun run = new CheckRun(trace.tables(), Checks.all());
        if (itself != null) {
            untilItEnds(itself, run);
        }
        if (before != null) {
            CheckRun other = new CheckRun(trace.tables(), Checks.all());
            untilItEnds(before, other);
            assertThat(TwoParts.goOn(other.replay(), run.replay())).isTrue();
        }
        untilItEnds(trace, run);
        return TwoParts.goOn(run.replay(), new CheckRun(trace.tables(), Checks.all()).replay());
    }

    private static void untilItEnds(EventTextFile trace, CheckRun run) {
        trace.events().stream().filter(event -> event.kind() != EventKind.HALT).forEach(run::accept);
    }

    /** A finding cites what came before: of a part of a stream nobody may say that it holds. */
    @Test
    void whoHasFoundSomethingIsNotCertain() throws IOException {
        for (CheckInfo info : Checks.infos()) {
            EventTextFile trace = Traces.load(info.id() + ".fail");
            List<Check> checks = Checks.all();
            CheckRun run = new CheckRun(trace.tables(), checks);
            trace.events().forEach(run::accept);
            Map<String, CheckResult> results = run.results(true, consumer -> {}).stream()
                    .collect(Collectors.toMap(result -> result.info().id(), result -> result));
            for (Check check : checks) {
                long findings =
                        Objects.requireNonNull(results.get(check.info().id())).findingsCount();
                assertThat(((Repeatable) check).certain()).as(check.info().id()).isEqualTo(findings == 0);
            }
        }
    }

    @Test
    void whatIsRecalledIsRemembered() {
        for (Check each : Checks.all()) {
            Repeatable check = (Repeatable) each;
            String id = each.info().id();
            Object memory = Objects.requireNonNull(check.memory(), id);
            check.recall(memory);
            assertThat(check.memory()).as(id).isEqualTo(memory);
            assertThat(check.certain()).as(id).isTrue();
        }
    }
}
