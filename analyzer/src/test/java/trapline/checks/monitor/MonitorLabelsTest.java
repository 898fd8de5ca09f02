package trapline.checks.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.kprobes.Traces;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Replay;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;
import trapline.text.EventTextFile;

/** Each kind of event and the labels by which automata know it. */
class MonitorLabelsTest {

    private static List<String> labels(String events) throws IOException {
        EventTextFile trace = Traces.with("golden.t1", events);
        List<String> labels = new ArrayList<>();
        Replay replay = new Replay(trace.tables(), List.of(new ReplayListener() {
            @Override
            public Set<EventKind> kinds() {
                return Set.of(EventKind.values());
            }

            @Override
            public void accept(Event event, ReplayState state) {
                MonitorLabels.of(event, state, labels::add);
            }
        }));
        trace.events().forEach(replay::accept);
        return labels;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status  none>ACTIVE                   | status_active",
                "status  ACTIVE>SS                     | status_ss",
                "status  SS>REENTER                    | status_reenter",
                "status  SS>SSDONE                     | status_ssdone",
                "status  SS>none                       | status_none",
                "current 0>&p1                         | current_set",
                "current &p1>&p2                       | current_change",
                "current &p1>0                         | current_reset",
                "current 0>0                           | ",
                "watch   preempt_count 0>1             | preempt_disable",
                "watch   preempt_count 2>1             | preempt_enable",
                "watch   preempt_count 1>1             | ",
                "watch   nmissed:p1 0>1                | nmissed",
                "watch   nmissed:p1 1>0                | ",
                "watch   nmissed:p1 1>1                | ",
                "watch   thread_info.flags 0>10        | ",
                "eflags  202>302 popf                  | tf_set",
                "eflags  302>202 popf                  | tf_clear",
                "eflags  2>202 sti_cli                 | irq_enable",
                "eflags  202>2 gate                    | irq_disable",
                "eflags  302>2 gate                    | tf_clear irq_disable",
                "eflags  2>302 popf                    | tf_set irq_enable",
                "eflags  202>602 cld_std               | ",
                "eflags  202>302 frame n=1             | frame_tf_set",
                "eflags  302>202 frame n=1             | frame_tf_clear",
                "eflags  2>202 frame n=1               | frame_if_set",
                "eflags  202>2 frame n=1               | frame_if_clear",
                "eflags  302>2 frame n=1               | frame_tf_clear frame_if_clear",
                "write   104010+1 55>cc                | text_arm",
                "write   104010+1 cc>55                | text_disarm",
                "write   104010+1 55>90                | ",
                "write   104010+1 cc>cc                | ",
                "write   104010+4 cc>55                | ",
                "call    kprobe_handler(1,2,3) ret=1   | call_kprobe_handler",
                "call    pre_handler:p1(1,2,3) ret=1   | call_pre_handler_p1",
                "ret     kprobe_handler =1             | return_kprobe_handler",
                "ret     post_handler:p1 =0            | return_post_handler_p1",
                "mark    =1 \"x\"                      | mark",
                "warn    =1 \"x\"                      | warn",
                "bug     =1 \"x\"                      | bug",
                "die     =1 \"x\"                      | die",
                "read    104010+1 =55                  | ",
            })
    void anEventHasTheLabelsOfWhatItChanges(String event, String expected) throws IOException {
        assertThat(String.join(" ", labels("    100  0 101000 " + event.strip() + "\n")))
                .isEqualTo(expected == null ? "" : expected.strip());
    }

    @ParameterizedTest
    @CsvSource({
        "#BP ip+1 cs=8, bp",
        "#DB cs=8, db",
        "NMI cs=8, nmi",
        "#PF cs=8, pf",
        "#GP cs=8, gp",
        "#UD cs=8, other",
    })
    void aTrapAndItsIretAreNamedByTheVector(String trap, String name) throws IOException {
        String run = String.format("""
                    100  0 104010 trap    %s fl=202 sp=8ff0 n=1
                    101  0 100500 iret    ip=104011 cs=8 fl=202 sp=8ff0 n=1
                """, trap);
        assertThat(labels(run)).containsExactly("trap_" + name, "iret_" + name);
    }

    @Test
    void anIretOfNoKnownFrameHasNoLabel() throws IOException {
        assertThat(labels("    101  0 100500 iret    ip=104011 cs=8 fl=202 sp=8ff0 n=7\n"))
                .isEmpty();
    }

    @Test
    void theTableForUsersHasThemAll() throws IOException {
        String page = Files.readString(Path.of("..", "samples", "monitors", "README.md"));
        Set<String> named = Pattern.compile("`([a-z]+(_[a-z]+)?(_[a-z]+)?)`")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .filter(MonitorLabels::isKnown)
                .collect(Collectors.toSet());
        assertThat(named).containsAll(MonitorLabels.FIXED);
    }

    @Test
    void labelsOfNoEventAreRefused() {
        assertThat(MonitorLabels.isKnown("trap_bp")).isTrue();
        assertThat(MonitorLabels.isKnown("call_do_int3")).isTrue();
        assertThat(MonitorLabels.isKnown("return_x")).isTrue();
        assertThat(MonitorLabels.isKnown("call_")).isFalse();
        assertThat(MonitorLabels.isKnown("trap_xx")).isFalse();
    }
}
