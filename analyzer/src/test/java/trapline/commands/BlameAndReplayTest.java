package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.cli.ExitCode;

/** Asking a journal who wrote something, and what the state was. */
class BlameAndReplayTest {

    @TempDir
    Path directory = Path.of(".");

    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    private String journal(String trace) throws IOException {
        return TraceJournals.write(trace, directory).toString();
    }

    @Test
    void theTfOfAStepComesFromPrepareSinglestepThroughTheIret() throws IOException {
        String journal = journal("golden.t1");
        assertThat(analyzer.run("blame", "--at", "129", "--what", "TF", journal))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out().lines().filter(line -> !line.startsWith("   ")))
                .containsExactly(
                        "the IRET loads the flags from the frame",
                        " <- prepare_singlestep+0x10 stores into the saved flags of the frame",
                        " <- the trap pushes the flags");
    }

    @Test
    void restoredFlagsLeadBackToTheSavedCopy() throws IOException {
        String journal = journal("golden.t1");
        assertThat(analyzer.run("blame", "--at", "148", "--what", "IF", "--json", journal))
                .isEqualTo(ExitCode.CLEAN);
        var chain = new ObjectMapper().readTree(analyzer.out()).get("chain");
        assertThat(chain.get(0).get("what").asText()).contains("IRET");
        assertThat(chain.get(1).get("place").asText()).isEqualTo("post_kprobe_handler+0x30");
        assertThat(chain.get(2).get("what").asText()).contains("kprobe_saved_eflags");
    }

    @Test
    void variablesAndTextHaveWritersToo() throws IOException {
        String journal = journal("golden.t4");
        analyzer.run("blame", "--at", "999", "--what", "status", journal);
        assertThat(analyzer.out()).startsWith("post_kprobe_handler+0x10 stores kprobe_status");
        analyzer.run("blame", "--at", "999", "--what", "nmissed:p2", journal);
        assertThat(analyzer.out()).contains("stores nmissed:p2");
        analyzer.run("blame", "--at", "999", "--what", "text:probed+10", journal);
        assertThat(analyzer.out()).contains("text_poke+0x10 writes the text");
        analyzer.run("blame", "--at", "999", "--what", "nmissed:p1", journal);
        assertThat(analyzer.out()).contains("nobody wrote nmissed:p1");
        assertThat(analyzer.run("blame", "--at", "1", "--what", "nonsense", journal))
                .isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.run("blame", "--at", "1", "--what", "text:nowhere", journal))
                .isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.run("blame", "--at", "1", "--what", "TF", "--cpu", "4", journal))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aVariableLeadsBackToTheTrapsInWhoseHandlingItWasStored() throws IOException {
        String journal = journal("golden.t4");
        analyzer.run("blame", "--at", "999", "--what", "current", journal);
        assertThat(analyzer.out().lines().filter(line -> !line.startsWith("   ")))
                .containsExactly(
                        "post_kprobe_handler+0x50 stores current_kprobe", " <- the #DB in whose handling that happens");
        analyzer.run("blame", "--at", "144", "--what", "status", journal);
        assertThat(analyzer.out().lines().filter(line -> !line.startsWith("   ")))
                .containsExactly(
                        "kprobe_handler+0x78 stores kprobe_status",
                        " <- the #BP in whose handling that happens",
                        " <- the #BP in whose handling that happens");
    }

    @Test
    void wrongQuestionsGetOneLine() throws IOException {
        String journal = journal("golden.t1");
        assertWrong(journal, "bogus", "'bogus' is none of TF, IF, status");
        assertWrong(journal, "", "'' is none of TF");
        assertWrong(journal, "TF:1", "'TF' takes nothing behind a colon");
        assertWrong(journal, "status:", "'status' takes nothing behind a colon");
        assertWrong(journal, "text", "text needs an address");
        assertWrong(journal, "text:", "text needs an address");
        assertWrong(journal, "text:probed+x", "'probed+x' is neither a number nor a symbol");
        assertWrong(journal, "nmissed:p9", "no probe 'p9' has an nmissed; there are p1, p2, p3");
        assertThat(analyzer.run("blame", "--at", "-1", "--what", "TF", journal)).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("--at -1: steps count from 0");
        assertThat(analyzer.run("blame", "--at", "many", "--what", "TF", journal))
                .isEqualTo(ExitCode.USAGE);
    }

    private void assertWrong(String journal, String what, String message) {
        assertThat(analyzer.run("blame", "--at", "1", "--what", what, journal)).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err().lines())
                .singleElement()
                .asString()
                .startsWith("trapline-analyzer: --what: ")
                .contains(message);
    }

    @Test
    void theStateIsThatOfTheStep() throws IOException {
        assertThat(analyzer.run("replay", "--at", "129", journal("golden.t1"))).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out())
                .contains("step 129", "kprobe  p1 SS, old 200, saved 200", "life    p1 at probed+0x10, STEPPING")
                .contains("text    int3 at probed+0x10 (55)");
    }

    @Test
    void oneGoesForwardsAndBackwards() throws IOException {
        String journal = journal("golden.t8");
        assertThat(analyzer.run("replay", "-c", "h;h;H;n;b;v;V;t;T;/post_kprobe_handler;?pre_handler;g 130", journal))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("trap    #BP", "calls   kprobe_handler", "FAIL    ");
        assertThat(analyzer.err()).isEqualTo("there is no violation before this one\n");
        analyzer.run("replay", "-c", "n;n;n;n;n;n;n;n;n;n", journal);
        String forwards = analyzer.out().substring(analyzer.out().lastIndexOf("event "));
        analyzer.run("replay", "-c", "h;h;g 111;b;n", journal);
        analyzer.run("replay", "-c", "n;n;n;n;n;n;n;n;n;n;n;n;b;b", journal);
        assertThat(analyzer.out().substring(analyzer.out().lastIndexOf("event ")))
                .isEqualTo(forwards);
    }

    /** Whatever way one comes to an event, and wherever the blocks of the journal begin, the state there is the same. */
    @ParameterizedTest
    @ValueSource(strings = {"golden.t4", "golden.t9", "SLOT-LIFE.pass", "run.bug-41", "run.t5"})
    void theStateDoesNotDependOnTheWayThere(String trace) throws IOException {
        String journal = TraceJournals.writeInBlocks(trace, directory, 7).toString();
        analyzer.run("replay", "--from", "0", "--json", journal);
        List<String> forwards = analyzer.out().lines().toList();
        analyzer.run("replay", "-c", "g 999999999;" + "b;".repeat(forwards.size() - 1), "--json", journal);
        List<String> backwards = new ArrayList<>(analyzer.out().lines().toList());
        Collections.reverse(backwards);
        assertThat(backwards).isEqualTo(forwards);
        Random random = new Random(6);
        List<String> jumps = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            JsonNode there = new ObjectMapper().readTree(forwards.get(random.nextInt(forwards.size())));
            long step = there.get("step").asLong();
            jumps.add("g " + step);
            expected.add(forwards.stream()
                    .filter(line -> line.contains("\"step\":" + step + ","))
                    .reduce((first, second) -> second)
                    .orElseThrow());
        }
        analyzer.run("replay", "-c", String.join(";", jumps), "--json", journal);
        assertThat(analyzer.out().lines()).as("seed 6").isEqualTo(expected);
    }

    @Test
    void anEmptyLineRepeatsTheLastKey() throws IOException {
        String journal = journal("golden.t8");
        analyzer.run("replay", "-c", "h;;", journal);
        String repeated = analyzer.out();
        analyzer.run("replay", "-c", "h;h;h", journal);
        assertThat(analyzer.out()).isEqualTo(repeated).containsPattern("(?s)event.*event.*event");
    }

    @Test
    void aWrongKeyIsNamedAndNothingMoves() throws IOException {
        String journal = journal("golden.t1");
        analyzer.run("replay", "-c", "x;g nowhere;/;nn;/nosuchsymbol;B", journal);
        assertThat(analyzer.out()).isEmpty();
        assertThat(analyzer.err())
                .contains(
                        "there is no key 'x'",
                        "g needs a step",
                        "/ needs a text",
                        "there is no key 'nn'",
                        "there is no event with 'nosuchsymbol' behind this one",
                        "there is no key 'B'");
        analyzer.run("replay", "-c", "q;n", journal);
        assertThat(analyzer.out()).isEmpty();
    }

    @Test
    void theStateAsJsonHasALineForEachEvent() throws IOException {
        assertThat(analyzer.run("replay", "--from", "110", "--to", "129", "--json", journal("golden.t1")))
                .isEqualTo(ExitCode.CLEAN);
        List<String> lines = analyzer.out().lines().toList();
        assertThat(lines).hasSizeGreaterThan(4);
        for (String line : lines) {
            assertThat(new ObjectMapper().readTree(line).get("schemaVersion").asInt())
                    .isEqualTo(1);
        }
        JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(last.get("step").asInt()).isEqualTo(129);
        JsonNode cpu = last.get("cpus").get(0);
        assertThat(cpu.get("current").asText()).isEqualTo("p1");
        assertThat(cpu.get("status").asText()).isEqualTo("SS");
        assertThat(cpu.get("lives").get(0).get("outcome").asText()).isEqualTo("STEPPING");
        assertThat(last.get("armed").get(0).get("original").asText()).isEqualTo("55");
        assertThat(last.get("registers").get("eip").asText()).startsWith("0x");
    }

    @Test
    void oneCpuIsFollowedAlone() throws IOException {
        String journal = journal("ARM-ORDER.pass");
        analyzer.run("replay", "--from", "0", "--cpu", "0", "--json", journal);
        assertThat(analyzer.out().lines()).isNotEmpty().allMatch(line -> line.contains("\"cpus\":[{\"cpu\":0,"));
        long all = analyzer.out().lines().count();
        analyzer.run("replay", "-c", "n;;;b", "--cpu", "0", journal);
        assertThat(analyzer.out().lines().filter(line -> line.startsWith("event ")))
                .hasSize(4);
        assertThat(analyzer.run("replay", "--cpu", "1000", "--at", "1", journal))
                .isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("--cpu 1000: the journal has ", "numbered from 0");
        assertThat(all).isPositive();
    }

    @Test
    void aRangeIsPrintedForScripts() throws IOException {
        assertThat(analyzer.run("replay", "--from", "110", "--to", "112", journal("golden.t1")))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out().lines().filter(line -> line.startsWith("event ")))
                .hasSizeBetween(2, 6);
        assertThat(analyzer.run("replay", "--at", "1", "--from", "2", journal("golden.t4")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.run("replay", "--from", "9", "--to", "2", journal("golden.t9")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.run("replay", "--at", "-1", journal("golden.t2"))).isEqualTo(ExitCode.USAGE);
    }
}
