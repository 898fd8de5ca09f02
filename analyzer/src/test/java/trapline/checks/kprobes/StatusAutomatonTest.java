package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.text.EventTextFile;

/**
 * STATUS-AUTOMATON over every kind of move. A run is a word: c makes p1 current, 0 resets it, A, S, D, R and N store
 * ACTIVE, SS, SSDONE, REENTER and none, X a number that is no status, x makes p2 current instead of p1, L loses events.
 */
class StatusAutomatonTest {

    private static final List<String> NAMES = List.of("N none", "A ACTIVE", "S SS", "R REENTER", "D SSDONE", "X 3");

    private static String name(char letter) {
        return NAMES.stream()
                .filter(name -> name.charAt(0) == letter)
                .findFirst()
                .orElseThrow()
                .substring(2);
    }

    private static EventTextFile run(String word, int cpus) throws IOException {
        List<String> lines = new ArrayList<>();
        String status = "none";
        for (int i = 0; i < word.length(); i++) {
            String where = String.format("%7d  0 101000 ", 100 + i);
            char c = word.charAt(i);
            switch (c) {
                case 'c' -> lines.add(where + "current 0>&p1");
                case 'x' -> lines.add(where + "current &p1>&p2");
                case '0' -> lines.add(where + "current &p1>0");
                case 'L' -> lines.add(String.format("%7d  0      0 lost    3 until %d \"gone\"", 100 + i, 101 + i));
                default -> {
                    lines.add(where + "status  " + status + ">" + name(c));
                    status = name(c);
                }
            }
        }
        String trace = cpus == 1 ? "golden.t1" : "SLOT-LIFE.pass";
        return Traces.with(trace, String.join("\n", lines) + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "cA0, PASS",
        "cASD0, PASS",
        "cAS0, PASS",
        "cARA0, PASS",
        "cASRS0, PASS",
        "cASDRD0, PASS",
        "Ac0, PASS", // the compiler stores the status first
        "cASD0cA0, PASS", // while none is current it keeps its last value
        "cA0cAS, PASS",
        "cAA0, PASS",
        "cS, FAIL",
        "cD, FAIL",
        "cR, FAIL",
        "Sc, FAIL",
        "cAD, FAIL",
        "cASA, FAIL",
        "cARS, FAIL",
        "cARD, FAIL",
        "cASRA, FAIL",
        "cASRD, FAIL",
        "cASDRS, FAIL",
        "cASDS, FAIL",
        "cARR, FAIL",
        "cAX, FAIL",
        "cALD, UNKNOWN",
        "cALDA, UNKNOWN", // what began in the gap fails nothing
        "cALD0cD, FAIL", // a life that begins behind it does
        "cLS, UNKNOWN", // whether it had a status before is not known
        "LxS, UNKNOWN", // nor whether p1 had, or who was current at all
        "LDLcA0, UNKNOWN", // the status before the second gap is not that of the life behind it
        "A, NOT_EXERCISED",
    })
    void onlyTheMovesOfALifeAreLegal(String word, Verdict expected) throws IOException {
        assertThat(Traces.result(run(word, 1), "STATUS-AUTOMATON").verdict())
                .as(word)
                .isEqualTo(expected);
    }

    @Test
    void aFindingNamesTheStatusBeforeIfThereWasOne() throws IOException {
        Finding first =
                Traces.result(run("cS", 1), "STATUS-AUTOMATON").findings().get(0);
        assertThat(first.causes()).isEmpty();
        Finding later =
                Traces.result(run("cAD", 1), "STATUS-AUTOMATON").findings().get(0);
        assertThat(later.causes()).containsExactly(new Finding.Cause(1, "the status before"));
    }

    /** A guest for one CPU that runs on two: whoever stores is whose life it is. */
    @Test
    void oneVariableForAllBelongsToWhoStores() throws IOException {
        String events = """
                    100  0 101000 current 0>&p1
                    101  0 101000 status  none>ACTIVE
                    103  1 101000 current 0>&p2
                    104  1 101000 status  none>SS
                    107  0 101000 status  ACTIVE>SS
                    108  0 101000 status  SS>SSDONE
                """;
        String one = Traces.with("SLOT-LIFE.pass", events)
                .format()
                .replace("20000/4+100*2", "20000/4")
                .replace("20004/4+100*2", "20004/4");
        CheckResult result = Traces.result(EventTextFile.parse(one, "one"), "STATUS-AUTOMATON");
        assertThat(result.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.sentence()).startsWith("kprobe_status of CPU 1 moves from none to SS"));
    }

    @Test
    void aCpuMayStoreToTheVariableOfAnother() throws IOException {
        String events = """
                    100  1 101000 current current_kprobe[0] 0>&p1
                    101  1 101000 status  kprobe_status[0] none>SSDONE
                """;
        CheckResult result = Traces.result(Traces.with("SLOT-LIFE.pass", events), "STATUS-AUTOMATON");
        assertThat(result.findings())
                .singleElement()
                .satisfies(
                        f -> assertThat(f.sentence()).startsWith("kprobe_status of CPU 0 moves from none to SSDONE"));
    }

    @Test
    void eachCpuHasItsOwn() throws IOException {
        String events = """
                    100  0 101000 current 0>&p1
                    101  0 101000 status  none>ACTIVE
                    102  0 101000 switch  cpu1 quantum
                    103  1 101000 current [1] 0>&p1
                    104  1 101000 status  [1] none>ACTIVE
                    105  1 101000 status  [1] ACTIVE>SS
                    106  1 101000 switch  cpu0 quantum
                    107  0 101000 status  ACTIVE>SSDONE
                """;
        CheckResult result = Traces.result(Traces.with("SLOT-LIFE.pass", events), "STATUS-AUTOMATON");
        assertThat(result.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.sentence())
                        .isEqualTo("kprobe_status of CPU 0 moves from ACTIVE to SSDONE, which no correct life of a"
                                + " probe does"));
        assertThat(result.exercised()).isEqualTo(4);
    }
}
