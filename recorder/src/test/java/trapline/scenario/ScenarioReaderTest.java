package trapline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.events.EventKind;
import trapline.schedule.Action;
import trapline.schedule.Place;
import trapline.schedule.Point;
import trapline.schedule.SchedulePlan;
import trapline.schedule.Trigger;

class ScenarioReaderTest {

    @TempDir
    Path folder;

    private static final String HEAD = "name: x\nflow: linux-2.6.24\nworkload: plain-probe\n";

    private Scenario parse(String text, String... assignments) throws ScenarioException {
        Overrides overrides = new Overrides();
        List.of(assignments).forEach(overrides::set);
        return ScenarioReader.parse("s.yaml", folder, text, overrides);
    }

    private List<String> problems(String text, String... assignments) {
        ScenarioException e = catchThrowableOfType(ScenarioException.class, () -> parse(text, assignments));
        assertThat(e).as("accepted: %s", text).isNotNull();
        return e.problems();
    }

    @Test
    void everyKeyIsRead() throws ScenarioException {
        Scenario s = parse(HEAD + """
                title: A title
                cpus: 3
                memory: 0x20
                limits: {instructions: 5000}
                schedule:
                  kind: explicit
                  switches:
                    - {at: {step: 100}, to: 2}
                    - {at: {arrival: kprobe_handler+0x1c, count: 2, cpu: 1}, to: 0}
                inject:
                  - {what: nmi, cpu: 1, at: {event: trap_exit, where: {cs: 0x60}, count: 3}}
                  - {what: irq, vector: 0x40, at: {step: 7}}
                  - {what: poke, address: probed_insn, bytes: "cc 90", by: debugger, at: {step: 8}}
                  - {what: not-present, page: 0x200000, faults: 2, at: {step: 9}}
                variables: {rounds: 12}
                expect: nothing
                """);
        assertThat(s.cpus()).isEqualTo(3);
        assertThat(s.memoryMib()).isEqualTo(32);
        assertThat(s.instructionsMax()).isEqualTo(5000);
        assertThat(s.schedule().kind()).isEqualTo(SchedulePlan.Kind.EXPLICIT);
        assertThat(s.variables()).isEqualTo(Map.of("rounds", 12));
        Place handler = new Place("kprobe_handler", 0x1c);
        assertThat(s.points().stream().map(Point::at))
                .containsExactly(
                        new Trigger.AtStep(100),
                        new Trigger.AtPlace(handler, 2, 1),
                        new Trigger.AtEvent(EventKind.TRAP_EXIT, Map.of("cs", "0x60"), 3, -1),
                        new Trigger.AtStep(7),
                        new Trigger.AtStep(8),
                        new Trigger.AtStep(9));
        assertThat(s.points().stream().map(Point::what))
                .containsExactly(
                        new Action.SwitchTo(2),
                        new Action.SwitchTo(0),
                        new Action.Nmi(1),
                        new Action.Irq(-1, 0x40),
                        new Action.Poke(new Place("probed_insn", 0), "cc90", true),
                        new Action.NotPresent(new Place("", 0x200000), 2));
    }

    @Test
    void problemsNameLineAndColumnAndAllAreReported() {
        assertThat(problems("name: x\nflwo: linux-2.6.24\nworkload: [1]\ncpus: many\nmemory: 5000\n"))
                .containsExactlyInAnyOrder(
                        "s.yaml:1:1: key 'flow' is missing",
                        "s.yaml:2:1: unknown key 'flwo'; did you mean 'flow'?",
                        "s.yaml:3:11: 'workload' must be text, not a list",
                        "s.yaml:4:7: 'cpus' must be a whole number, not text",
                        "s.yaml:5:9: 'memory' must be between 1 and 1024, not 5000");
    }

    @Test
    void aMissingFileIsReportedWhereItIsNamed() {
        assertThat(problems("name: x\nflow: ./my-flow.c\nworkload: plain-probe\n"))
                .containsExactly("s.yaml:2:7: no such file: " + folder.resolve("./my-flow.c"));
        assertThat(problems("name: x\nflow: linux-9.9\nworkload: plain-probe\n"))
                .containsExactly("s.yaml:2:7: no flow 'linux-9.9' in the catalogue");
    }

    @Test
    void brokenYamlIsReportedWithItsPlace() {
        assertThat(problems("name: x\nflow: [linux\n").get(0))
                .startsWith("s.yaml:2:13: not valid YAML: while parsing a flow sequence: expected");
        assertThat(problems(HEAD + "title: *none\n").get(0)).contains("'*none' stands for another value");
        assertThat(problems("name: &n x\nflow: *n\nworkload: *n\n").get(0)).contains("'*n'");
        assertThat(problems("name: x\nflow: " + "y".repeat(9000) + "\nworkload: plain-probe\n")
                        .get(0))
                .hasSizeLessThan(500);
        assertThat(problems("")).containsExactly("s.yaml:1:1: empty; a scenario needs at least flow and workload");
        assertThat(problems("- 1\n").get(0)).isEqualTo("s.yaml:1:1: expected a map of keys, found a list");
        assertThat(problems(HEAD + "flow: again\n"))
                .containsExactly("s.yaml:4:1: key 'flow' again, it stands at s.yaml:2:1 already");
        assertThat(problems(HEAD + "---\nname: y\n").get(0)).contains("a second document");
        assertThat(problems("a: " + "[".repeat(5000))).hasSize(1);
    }

    @Test
    void unknownKeysInsideAreReportedToo() {
        assertThat(problems(HEAD + "inject:\n  - {what: nmi, at: {stp: 5}}\n"))
                .contains("s.yaml:5:22: unknown key 'stp'; did you mean 'step'?");
        assertThat(problems(HEAD + "inject:\n  - {what: nmi, at: {event: trap_exit, where: {vector: 3}}}\n")
                        .get(0))
                .startsWith("s.yaml:5:48: unknown key 'vector'");
        assertThat(problems(HEAD + "schedule: {kind: fair}\n"))
                .containsExactly(
                        "s.yaml:4:18: unknown schedule 'fair'; there are round-robin, random, pct, explicit, until-waiting");
    }

    @Test
    void overridesReplaceAndAddAndAreNamedInProblems() throws ScenarioException {
        Scenario s = parse(
                HEAD + "inject:\n  - {what: nmi, at: {step: 5}}\n",
                "schedule.seed=7",
                "schedule.kind=random",
                "inject.0.at.step=6",
                "variables.rounds=1000");
        assertThat(s.schedule().seed()).isEqualTo(7);
        assertThat(s.points().get(0).at()).isEqualTo(new Trigger.AtStep(6));
        assertThat(s.variables()).containsEntry("rounds", 1000);
        assertThat(problems(HEAD, "cpus=9")).containsExactly("--set cpus=9: 'cpus' must be between 1 and 8, not 9");
        assertThat(problems(HEAD, "quantum=9").get(0)).startsWith("--set quantum=9: unknown key 'quantum'");
        assertThat(problems(HEAD, "name.x=9")).contains("--set name.x=9: the scenario has no place for name.x");
    }

    @Test
    void theTextOfAnOverriddenScenarioGivesTheSameScenario() throws ScenarioException {
        String text =
                HEAD + "title: \"a: \\\"b\\\" \u00e9\"\ninject:\n  - {what: nmi, at: {arrival: kprobe_handler+0x1c}}\n";
        Scenario changed = parse(text, "schedule.seed=7", "cpus=2");
        Scenario again = parse(changed.yaml());
        assertThat(again.title()).isEqualTo(changed.title()).isEqualTo("a: \"b\" \u00e9");
        assertThat(again.schedule()).isEqualTo(changed.schedule());
        assertThat(again.cpus()).isEqualTo(2);
        assertThat(again.points().get(0).at()).isEqualTo(changed.points().get(0).at());
    }

    @Test
    void theCatalogueIsFoundByName() throws ScenarioException {
        assertThat(Catalogue.names("scenarios", ".yaml")).contains("plain-probe", "probe-on-int3");
        for (String name : Catalogue.names("scenarios", ".yaml")) {
            Scenario scenario = ScenarioReader.read(name, new Overrides());
            assertThat(scenario.name())
                    .as("a catalogue scenario is called as its file")
                    .isEqualTo(name);
        }
    }

    @Test
    void aFileThatIsNotThereIsOneLine() {
        ScenarioException e =
                catchThrowableOfType(ScenarioException.class, () -> ScenarioReader.read("no-such", new Overrides()));
        assertThat(e.problems()).hasSize(1).first().asString().startsWith("no-such: no such file, and no scenario");
    }

    @Test
    void aHugeFileIsRefusedBeforeItIsParsed() throws IOException {
        Path huge = Files.writeString(folder.resolve("huge.yaml"), "#".repeat(300_000));
        ScenarioException e = catchThrowableOfType(
                ScenarioException.class, () -> ScenarioReader.read(huge.toString(), new Overrides()));
        assertThat(e.problems().get(0)).contains("larger than 256 KiB");
    }
}
