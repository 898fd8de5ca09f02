package trapline.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The trap corpus: on our machine, against what the hardware did in ring 3, and against QEMU's own log. */
class TrapCorpusTest {
    private static final int CASES_MIN = 120;

    private static final Map<String, List<TrapEvent>> ON_MACHINE = new LinkedHashMap<>();

    @BeforeAll
    static void update(@TempDir Path folder) throws IOException, InterruptedException {
        if (Boolean.getBoolean("update.expected")) {
            TrapUpdate.rewrite(TrapCorpus.load(), folder);
        }
    }

    private static List<TrapEvent> onMachine(TrapImage.Run run) throws IOException {
        List<TrapEvent> known = ON_MACHINE.get(run.toString());
        if (known == null) {
            known = TrapRuns.onMachine(run);
            ON_MACHINE.put(run.toString(), known);
        }
        return known;
    }

    @TestFactory
    List<DynamicTest> everyCaseTrapsAsTheManualSays() throws IOException {
        return TrapCorpus.runs(TrapCorpus.load()).stream()
                .map(run -> DynamicTest.dynamicTest(
                        run.toString(),
                        () -> assertThat(TrapExpectation.differences(run.test(), onMachine(run)))
                                .isEmpty()))
                .toList();
    }

    @Test
    void everyCaseIsCompleteAndCitesTheManual() throws IOException {
        List<TrapCase> cases = TrapCorpus.load();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(CASES_MIN);
        assertThat(cases).extracting(test -> test.name).doesNotHaveDuplicates();
        assertThat(cases).allSatisfy(test -> {
            assertThat(test.cite).as(test + ": cite").startsWith("Intel SDM vol. ");
            assertThat(test.isDraft()).as(test + ": draft").isFalse();
            assertThat(test.code).as(test + ": code").isNotEmpty();
        });
    }

    @Test
    void everyRuleHasCasesAndEveryCaseARule() throws IOException {
        List<TrapCase> cases = TrapCorpus.load();
        List<TrapRules.Rule> rules = TrapRules.load();
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.section()).as(rule.name()).startsWith("Intel SDM vol. ");
            assertThat(rule.patterns())
                    .as(rule.name())
                    .allMatch(pattern -> cases.stream().anyMatch(test -> test.name.matches(pattern)));
        });
        assertThat(cases.stream().filter(test -> rules.stream().noneMatch(rule -> rule.covers(test))))
                .as("cases without a rule")
                .isEmpty();
    }

    @Test
    void codeIsWhatTheAssemblerMakesOfTheAsmLine(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(TrapAssembler.missing().isEmpty(), TrapAssembler.missing());
        List<TrapCase> cases = TrapCorpus.load();
        List<byte[]> code = TrapAssembler.assemble(cases, folder);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(cases.get(i).code).as(cases.get(i).toString()).isEqualTo(code.get(i));
        }
    }

    @Test
    void hardwareTookTheSameTrapsInRingThree() throws IOException {
        Map<String, TrapCase> byName = new LinkedHashMap<>();
        TrapCorpus.load().forEach(test -> byName.put(test.name, test));
        Map<String, List<String>> hardware = TrapCorpus.hardware();
        assertThat(hardware).hasSizeGreaterThan(100);
        assertThat(hardware).allSatisfy((name, traps) -> {
            TrapCase test = Objects.requireNonNull(byName.get(name), name);
            assertThat(traps.stream().map(TrapCorpusTest::withoutProcessorsOwn).toList())
                    .as(name)
                    .isEqualTo(TrapExpectation.lines(test).stream()
                            .map(TrapCorpusTest::withoutProcessorsOwn)
                            .toList());
            Map<String, Integer> last = TrapCase.fields(traps.get(traps.size() - 1));
            assertThat(last).as("%s: registers", name).containsAllEntriesOf(registers(test.end));
        });
    }

    private static Map<String, Integer> registers(Map<String, Integer> fields) {
        Map<String, Integer> registers = new LinkedHashMap<>(fields);
        registers.keySet().retainAll(List.of(BoxState.REGISTERS));
        return registers;
    }

    /** What the captured processor does differently, README.md lists both: no RF after an iteration, I/D bit. */
    private static String withoutProcessorsOwn(String line) {
        String text = line.replaceAll(" (dr6|e[a-ds][xpi]|ebp|edi)=\\S+", "");
        if (text.startsWith("trap #DB")) {
            text = text.replaceAll("fl=10(...)$", "fl=$1");
        }
        return text.replace("error=14", "error=4");
    }

    @Test
    void qemuTakesTheSameTraps(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Qemu.missing().isEmpty(), Qemu.missing());
        List<TrapImage.Run> runs = TrapCorpus.runs(TrapCorpus.load()).stream()
                .filter(run -> run.test().notOnQemu.isEmpty())
                .toList();
        List<List<TrapEvent>> onQemu = TrapRuns.onQemu(runs, folder);
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            List<TrapEvent> ours = onMachine(runs.get(i));
            List<TrapEvent> theirs = TrapRuns.delivered(onQemu.get(i), ours);
            if (!TrapRuns.areSame(ours, theirs)) {
                failures.add(runs.get(i) + ": ours " + TrapRuns.lines(ours) + ", QEMU " + TrapRuns.lines(theirs));
            }
        }
        assertThat(failures).isEmpty();
        Files.deleteIfExists(folder.resolve("int.log"));
    }
}
