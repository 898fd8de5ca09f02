package trapline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.events.Event;
import trapline.events.EventFields.Inject;
import trapline.events.EventKind;
import trapline.events.InjectKind;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.machine.Machine;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.TapeReader;
import trapline.machine.tape.TapeRow;

/** Schedules and points on a machine that runs nothing but NOPs in a loop. */
class ScheduleTest {

    private static final int CODE = 0x1000;
    private static final SymbolTable SYMBOLS = new SymbolTable(List.of(new Symbol("loop", CODE, 4)));

    /** {@code nop; nop; jmp loop}: three instructions a round. */
    private static Machine machine(int cpus) {
        Machine machine = new Machine(1 << 20, cpus);
        machine.memory().load(CODE, new byte[] {(byte) 0x90, (byte) 0x90, (byte) 0xeb, (byte) 0xfc});
        machine.startMultiboot(CODE, 0);
        return machine;
    }

    private static SchedulePlan plan(SchedulePlan.Kind kind, long seed) {
        return new SchedulePlan(kind, 10, seed, 3, 1000);
    }

    @Test
    void theGeneratorIsSplitMix64() {
        // The JDK's SplittableRandom is SplitMix64 with the golden gamma when it is made from a seed.
        SplittableRandom reference = new SplittableRandom(42);
        SplitMix ours = new SplitMix(42);
        for (int i = 0; i < 1000; i++) {
            assertThat(ours.next()).isEqualTo(reference.nextLong());
        }
        assertThat(new SplitMix(0).next()).isEqualTo(0xe220a8397b1dcdafL);
    }

    @ParameterizedTest
    @EnumSource(SchedulePlan.Kind.class)
    void everyPlanRunsToTheLimitAndNoFurther(SchedulePlan.Kind kind) throws Exception {
        Machine machine = machine(3);
        Director director = new Director(machine, SYMBOLS, List.of(), plan(kind, 1), List.of());
        assertThat(director.run(1234).step()).isEqualTo(1234);
        assertThat(machine.step()).isEqualTo(1234);
    }

    @Test
    void pointsAtStepsAreMetExactly() throws Exception {
        assertThat(done(new Trigger.AtStep(0), new Trigger.AtStep(100), new Trigger.AtStep(100)))
                .containsExactly(0L, 100L, 100L);
    }

    @Test
    void pointsAtPlacesCountArrivals() throws Exception {
        Place second = new Place("loop", 1);
        assertThat(done(new Trigger.AtPlace(second, 1, -1), new Trigger.AtPlace(second, 5, 0)))
                .containsExactly(1L, 13L);
        assertThat(done(new Trigger.AtPlace(second, 1, 7)))
                .as("no such CPU arrives")
                .isEmpty();
    }

    @Test
    void aPointAtAnEventIsDoneBehindItEvenIfAnotherPointMadeTheEvent() throws Exception {
        Trigger event = new Trigger.AtEvent(EventKind.INJECT, Map.of("what", "not_present"), 1, -1);
        assertThat(done(new Trigger.AtStep(50), event)).containsExactly(50L, 50L);
        Trigger another = new Trigger.AtEvent(EventKind.INJECT, Map.of("what", "not_present"), 2, -1);
        assertThat(done(new Trigger.AtStep(50), event, another)).containsExactly(50L, 50L, 50L);
    }

    @Test
    void aPointAtWhichTheRunEndsIsNotReached() throws Exception {
        Machine machine = machine(1);
        Point last = new Point(new Trigger.AtStep(200), new Action.Nmi(0), "s.yaml:1:1");
        Point third =
                new Point(new Trigger.AtPlace(new Place("loop", 2), 2, -1), new Action.Irq(-1, 0x20), "s.yaml:2:1");
        Point behind = new Point(new Trigger.AtEvent(EventKind.HALT, Map.of(), 1, 0), new Action.Nmi(-1), "s.yaml:3:1");
        List<Point> points = List.of(last, third, behind);
        Director director = new Director(machine, SYMBOLS, List.of(), SchedulePlan.DEFAULT, points);
        director.run(3);
        assertThat(director.unreached())
                .containsExactly(
                        "nmi to cpu 0 at step 200 (the run ended at step 3); see s.yaml:1:1",
                        "irq 0x20 at arrival 2 at loop+0x2 (the run ended with 1 of them); see s.yaml:2:1",
                        "nmi at halt 1 on cpu 0 (the run ended with 0 of them); see s.yaml:3:1");
        director.accept(new Event().begin(EventKind.HALT, 3, 0, 0));
        assertThat(director.unreached())
                .contains("nmi at halt 1 on cpu 0 (the run ended right there); see s.yaml:3:1")
                .hasSize(3);
    }

    /** The steps at which points with these triggers were done; what they do is harmless here. */
    private static List<Long> done(Trigger... triggers) throws Exception {
        Machine machine = machine(1);
        List<Point> points = new ArrayList<>();
        for (Trigger trigger : triggers) {
            points.add(new Point(trigger, new Action.NotPresent(new Place("", 0x80000), 0), "test"));
        }
        Director director = new Director(machine, SYMBOLS, List.of(), SchedulePlan.DEFAULT, points);
        List<Long> steps = new ArrayList<>();
        machine.observe(
                new MachineListener() {
                    @Override
                    public void happened(TapeReader row) {
                        if (row.row() == TapeRow.INJECT) {
                            steps.add(row.step());
                            director.accept(new Event()
                                    .begin(EventKind.INJECT, row.step(), 0, 0)
                                    .set(Inject.WHAT, InjectKind.NOT_PRESENT.code()));
                        }
                    }
                },
                Observation.NONE);
        director.run(200);
        return steps;
    }

    @Test
    void anUnknownSymbolNamesItsPlaceInTheScenario() {
        Point point = new Point(new Trigger.AtPlace(new Place("nowhere", 0), 1, -1), new Action.Nmi(0), "s.yaml:7:3");
        assertThatThrownBy(() -> new Director(machine(1), SYMBOLS, List.of(), SchedulePlan.DEFAULT, List.of(point)))
                .isInstanceOf(UnresolvedPointException.class)
                .hasMessage("s.yaml:7:3: the guest has no symbol 'nowhere'");
    }

    @Test
    void placesAreParsed() {
        assertThat(Place.parse("kprobe_handler+0x1c")).isEqualTo(new Place("kprobe_handler", 0x1c));
        assertThat(Place.parse("f.constprop.0")).isEqualTo(new Place("f.constprop.0", 0));
        assertThat(Place.parse("0x100010")).isEqualTo(new Place("", 0x100010));
        assertThat(Place.parse("12 monkeys")).isNull();
        assertThat(Place.parse("f+")).isNull();
        assertThat(Place.parse("")).isNull();
    }

    /** CPU 0 starts the others by INIT and SIPI; then each runs a jump to itself. */
    private static Machine spinning(int cpus) {
        Machine machine = new Machine(1 << 20, cpus);
        int[] boot = {
            0xc7, 0x05, 0x00, 0x03, 0xe0, 0xfe, 0x00, 0x45, 0x0c, 0x00, // INIT to all others
            0xc7, 0x05, 0x00, 0x03, 0xe0, 0xfe, 0x02, 0x46, 0x0c, 0x00, // SIPI to 2000
            0xeb, 0xfe
        };
        byte[] code = new byte[boot.length];
        for (int i = 0; i < boot.length; i++) {
            code[i] = (byte) boot[i];
        }
        machine.memory().load(CODE, code);
        machine.memory().load(2 * CODE, new byte[] {(byte) 0xeb, (byte) 0xfe});
        machine.startMultiboot(CODE, 0);
        return machine;
    }

    /** Steps and targets of the switches within the first 100,000 steps, without the very first decision. */
    private static List<String> switches(SchedulePlan plan, Point... points) throws Exception {
        Machine machine = spinning(3);
        List<String> switches = new ArrayList<>();
        machine.observe(
                new MachineListener() {
                    @Override
                    public void happened(TapeReader row) {
                        if (row.row() == TapeRow.SWITCH && row.value("reason") != SWITCH_START) {
                            switches.add(row.step() + ":" + row.value("to"));
                        }
                    }
                },
                Observation.NONE);
        new Director(machine, SYMBOLS, List.of(), plan, List.of(points)).run(100_000);
        return switches;
    }

    private static SchedulePlan pct(long seed, int changes) {
        return new SchedulePlan(SchedulePlan.Kind.PCT, 1_000_000, seed, changes, 90_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 20})
    void pctSwitchesAtEachOfItsChangePointsAndNowhereElse(int changes) throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(switches(pct(seed, changes))).as("seed %d", seed).hasSize(changes);
        }
    }

    @Test
    void pctGivesEveryCpuTheFirstPlaceUnderSomeSeed() throws Exception {
        Set<String> first = new TreeSet<>();
        for (long seed = 1; seed <= 20; seed++) {
            first.add(switches(pct(seed, 1)).get(0).replaceAll(".*:", ""));
        }
        assertThat(first).containsExactly("1", "2");
    }

    @ParameterizedTest
    @EnumSource(SchedulePlan.Kind.class)
    void theSameSeedIsTheSameScheduleAndAnotherAnother(SchedulePlan.Kind kind) throws Exception {
        Point[] points =
                kind == SchedulePlan.Kind.EXPLICIT ? new Point[] {to(1, 50), to(2, 500), to(0, 5000)} : new Point[0];
        SchedulePlan plan = new SchedulePlan(kind, 100, 1, 5, 90_000);
        List<String> once = switches(plan, points);
        assertThat(once).isNotEmpty();
        assertThat(switches(plan, points)).isEqualTo(once);
        List<String> another = switches(plan.withSeed(2), points);
        boolean isSeeded = kind == SchedulePlan.Kind.RANDOM || kind == SchedulePlan.Kind.PCT;
        assertThat(another.equals(once)).as("unchanged by another seed").isEqualTo(!isSeeded);
    }

    private static Point to(int cpu, long step) {
        return new Point(new Trigger.AtStep(step), new Action.SwitchTo(cpu), "test");
    }

    @Test
    void theListOfSwitchesIsFollowedAndThenTheQuantum() throws Exception {
        SchedulePlan plan = new SchedulePlan(SchedulePlan.Kind.EXPLICIT, 1000, 0, 0, 1);
        List<String> switches = switches(plan, to(1, 50), to(2, 500), to(0, 5000));
        assertThat(switches).startsWith("50:1", "500:2", "5000:0", "6000:1", "7000:2", "8000:0");
    }

    @Test
    void roundRobinGivesEachItsQuantum() throws Exception {
        SchedulePlan plan = new SchedulePlan(SchedulePlan.Kind.ROUND_ROBIN, 1000, 0, 0, 1);
        assertThat(switches(plan))
                .startsWith("1000:1", "2000:2", "3000:0", "4000:1")
                .hasSize(99);
    }
}
