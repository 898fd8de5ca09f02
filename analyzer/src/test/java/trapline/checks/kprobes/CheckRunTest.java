package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import trapline.checks.CheckInfo;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;
import trapline.text.EventTextFile;

/** When a verdict is UNKNOWN, and what findings carry. */
class CheckRunTest {

    private static final String NO_INT3 =
            "    100  0 100080 mark    =1 \"x\"\n    101  0 100100 halt    exit =0 \"\"\n";

    private static CheckResult tf(EventTextFile trace, boolean complete) throws IOException {
        CheckRun run = new CheckRun(trace.tables(), Checks.all());
        trace.events().forEach(run::accept);
        return run.results(complete, consumer -> trace.events().forEach(consumer::accept))
                .get(0);
    }

    @Test
    void lostEventsLeaveNothingToPass() throws IOException {
        EventTextFile trace = Traces.edited(
                "TF-RESTORED.pass",
                "mark    =1 \"begin\"",
                "mark    =1 \"begin\"\n    100  0      0 lost    3 until 101 \"gone\"");
        CheckResult result = Traces.result(trace, "TF-RESTORED");
        assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(result.reason()).isEqualTo("events were lost");
    }

    @Test
    void aViolationIsOneEvenWhereEventsWereLost() throws IOException {
        EventTextFile trace = Traces.edited("TF-RESTORED.fail", "halt    exit =0 \"\"", "lost    3 until 900 \"gone\"");
        assertThat(Traces.result(trace, "TF-RESTORED").verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void aStreamWithoutItsEndPassesNothing() throws IOException {
        CheckResult result = tf(Traces.load("TF-RESTORED.pass"), false);
        assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(result.reason()).isEqualTo("the journal is not closed: its end is missing");
        assertThat(tf(Traces.load("TF-RESTORED.fail"), false).verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void whatASourceOrAGuestDoesNotTellIsNamed() throws IOException {
        CheckResult kinds = tf(Traces.edited("TF-RESTORED.pass", "@cpus 1\n", "@cpus 1\n@without trap_exit\n"), true);
        assertThat(kinds.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(kinds.reason()).isEqualTo("the source does not deliver trap_exit");
        CheckResult roles = Traces.result(
                Traces.edited("PREEMPT-BALANCED.pass", "preempt_count", "another_count"), "PREEMPT-BALANCED");
        assertThat(roles.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(roles.reason()).isEqualTo("the guest does not declare preempt_count");
    }

    @Test
    void withoutAnInt3NothingIsMissed() throws IOException {
        String tables = new EventTextFile(Traces.load("golden.t1").tables(), List.of()).format();
        EventTextFile idle = EventTextFile.parse(tables.replace("preempt_count", "another_count") + NO_INT3, "idle");
        assertThat(Traces.result(idle, "PREEMPT-BALANCED").verdict()).isEqualTo(Verdict.NOT_EXERCISED);
        EventTextFile blind =
                EventTextFile.parse(idle.format().replace("@cpus 1\n", "@cpus 1\n@without trap_entry\n"), "blind");
        assertThat(Traces.result(blind, "PREEMPT-BALANCED").reason())
                .isEqualTo("the source does not deliver trap_entry; the guest does not declare preempt_count");
    }

    @Test
    void aSliceHasTheCausesAndTheViolationInTheirOrder() throws IOException {
        for (CheckInfo info : Checks.infos()) {
            Finding finding =
                    Traces.result(info.id() + ".fail", info.id()).findings().get(0);
            List<Long> ordinals = finding.slice().stream().map(Event::ordinal).toList();
            assertThat(ordinals).as(info.id()).isSorted().doesNotHaveDuplicates();
            assertThat(finding.causes().stream().map(Finding.Cause::ordinal))
                    .as(info.id())
                    .isSorted()
                    .allMatch(ordinals::contains)
                    .doesNotContain(finding.event().ordinal());
        }
    }

    @Test
    void onlyTheFirstFindingsAreKeptAndAllAreCounted() throws IOException {
        StringBuilder run =
                new StringBuilder("    100  0 101000 current 0>&p1\n    100  0 101000 status  none>ACTIVE\n");
        for (int i = 0; i < 10; i++) {
            run.append("    101  0 101000 status  ACTIVE>SSDONE\n    102  0 101000 status  SSDONE>ACTIVE\n");
        }
        CheckResult result = Traces.result(Traces.with("golden.t1", run.toString()), "STATUS-AUTOMATON");
        assertThat(result.findings()).hasSize(8);
        assertThat(result.findingsCount()).isEqualTo(20);
    }

    /** A histogram, say, besides the checks. */
    private static final class Other extends ReplayListener {
        private int arithmetic;
        private int ends;

        @Override
        public Set<EventKind> kinds() {
            return Set.of(EventKind.EFLAGS_WRITE);
        }

        @Override
        public boolean wantsAlu() {
            return true;
        }

        @Override
        public void accept(Event event, ReplayState state) {
            arithmetic++;
        }

        @Override
        public void end(ReplayState state) {
            ends++;
        }
    }

    @Test
    void othersHearOfArithmeticAndOfTheEnd() throws IOException {
        EventTextFile trace = Traces.with("golden.t1", "    100  0 101000 eflags  2>46 alu\n");
        Other other = new Other();
        CheckRun run = new CheckRun(trace.tables(), Checks.all(), List.of(other));
        trace.events().forEach(run::accept);
        run.results(true, consumer -> {});
        assertThat(other.arithmetic).isEqualTo(1);
        assertThat(other.ends).isEqualTo(1);
    }

    /** Both readings of a journal, the second one for the slices, leave out what nobody wants. */
    @Test
    void arithmeticIsReadOnlyForWhomItIsWanted() throws IOException {
        EventTextFile trace = Traces.load("TF-RESTORED.fail");
        for (List<Other> others : List.of(List.<Other>of(), List.of(new Other()))) {
            CheckRun run = new CheckRun(trace.tables(), Checks.all(), others);
            assertThat(run.wantsArithmetic()).isEqualTo(!others.isEmpty());
            trace.events().forEach(run::accept);
            List<Boolean> wanted = new ArrayList<>();
            run.results(true, consumer -> wanted.add(((StreamConsumer) consumer).wantsArithmetic()));
            assertThat(wanted).containsExactly(!others.isEmpty());
        }
    }

    @Test
    void theStateBehindLostEventsIsThatOfTheBlock() throws IOException {
        EventTextFile trace = Traces.load("golden.t1");
        StreamState block = new StreamState(1, trace.tables().observed());
        trace.events().subList(0, 16).forEach(block::apply);
        CheckRun run = new CheckRun(trace.tables(), Checks.all());
        run.resume(block);
        assertThat(run.state().cpu(0).current()).isEqualTo(0x30000);
        assertThat(run.state().cpu(0).status()).isEqualTo(KprobeStatus.KPROBE_HIT_ACTIVE);
    }

    @Test
    void findingsCanBeAskedForWhileTheStreamGoesOn() throws IOException {
        EventTextFile trace = Traces.load("golden.t8");
        CheckRun run = new CheckRun(trace.tables(), Checks.all());
        List<String> told = new ArrayList<>();
        for (Event event : trace.events()) {
            run.accept(event);
            for (Finding finding : run.newFindings(consumer -> trace.events().forEach(consumer::accept))) {
                assertThat(finding.event().ordinal()).isEqualTo(event.ordinal());
                assertThat(finding.slice()).hasSizeGreaterThan(1);
                told.add(finding.check());
            }
        }
        assertThat(told).containsExactlyInAnyOrder("CURRENT-BALANCED", "PREEMPT-BALANCED");
        assertThat(run.newFindings(consumer -> {})).isEmpty();
    }
}
