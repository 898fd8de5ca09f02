package trapline.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.scenario.GuestPart;
import trapline.scenario.Scenario;
import trapline.schedule.Action;
import trapline.schedule.Place;
import trapline.schedule.Point;
import trapline.schedule.SchedulePlan;
import trapline.schedule.Trigger;

/** A scenario with another schedule and other points, and the text that gives it again. */
public final class Variant {

    /** Where the part of a started CPU in a workload begins. */
    public static final String WORKLOAD_CPU = "workload_cpu";

    private static final SchedulePlan UNTIL_WAITING =
            new SchedulePlan(SchedulePlan.Kind.UNTIL_WAITING, SchedulePlan.DEFAULT.quantum(), 0, 0, 1);

    private Variant() {}

    /** The points that keep all CPUs but the first from their work until the first waits for them, or a switch. */
    public static List<Point> holds(Scenario scenario) {
        List<Point> holds = new ArrayList<>();
        for (int cpu = 1; cpu < scenario.cpus(); cpu++) {
            Trigger at = new Trigger.AtPlace(new Place(WORKLOAD_CPU, 0), 1, cpu);
            holds.add(new Point(at, new Action.SwitchTo(0), "held"));
        }
        return holds;
    }

    /**
     * The scenario under another schedule, without injections. Its text is not made: it is only run.
     *
     * @param plan the schedule
     */
    public static Scenario scheduled(Scenario scenario, SchedulePlan plan) {
        return copy(scenario, scenario.name(), plan, List.of(), "");
    }

    /**
     * The scenario with a run's own points instead of what it says.
     *
     * @param name of the new one
     * @param expect what is to be expected, for people
     */
    public static Scenario of(Scenario scenario, String name, List<Point> points, String expect) {
        return copy(scenario, name, UNTIL_WAITING, points, expect);
    }

    private static Scenario copy(Scenario scenario, String name, SchedulePlan plan, List<Point> points, String expect) {
        return new Scenario(
                "",
                name,
                scenario.title(),
                scenario.flow(),
                scenario.workload(),
                scenario.runtime(),
                scenario.image(),
                scenario.linux(),
                scenario.cpus(),
                scenario.memoryMib(),
                scenario.instructionsMax(),
                plan,
                points,
                scenario.variables(),
                expect,
                yaml(scenario, name, points, expect),
                List.of());
    }

    private static String yaml(Scenario scenario, String name, List<Point> points, String expect) {
        StringBuilder out = new StringBuilder("name: " + name + "\n");
        part(out, "flow", scenario.flow());
        part(out, "workload", scenario.workload());
        part(out, "runtime", scenario.runtime());
        part(out, "image", scenario.image());
        out.append("cpus: ").append(scenario.cpus()).append('\n');
        out.append("memory: ").append(scenario.memoryMib()).append('\n');
        out.append("limits: {instructions: ").append(scenario.instructionsMax()).append("}\n");
        out.append("schedule:\n  kind: until-waiting\n  switches:\n");
        points.stream()
                .filter(p -> p.what() instanceof Action.SwitchTo)
                .forEach(p -> out.append("    - {at: ")
                        .append(at(p.at()))
                        .append(", to: ")
                        .append(((Action.SwitchTo) p.what()).cpu())
                        .append("}\n"));
        List<Point> injections = points.stream()
                .filter(p -> !(p.what() instanceof Action.SwitchTo))
                .toList();
        out.append(injections.isEmpty() ? "inject: []\n" : "inject:\n");
        injections.forEach(p -> out.append("  - {")
                .append(what(p.what()))
                .append(", at: ")
                .append(at(p.at()))
                .append("}\n"));
        if (!scenario.variables().isEmpty()) {
            out.append("variables:\n");
            for (Map.Entry<String, Integer> variable : scenario.variables().entrySet()) {
                out.append("  ")
                        .append(variable.getKey())
                        .append(": ")
                        .append(variable.getValue())
                        .append('\n');
            }
        }
        if (!expect.isEmpty()) {
            out.append("expect: \"")
                    .append(expect.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"\n");
        }
        return out.toString().replace("  switches:\ninject", "  switches: []\ninject");
    }

    private static void part(StringBuilder out, String key, @Nullable GuestPart part) {
        if (part != null) {
            out.append(key)
                    .append(": ")
                    .append(part.file() == null ? part.name() : part.file())
                    .append('\n');
        }
    }

    private static String at(Trigger trigger) {
        if (trigger instanceof Trigger.AtStep step) {
            return "{step: " + step.step() + "}";
        }
        if (trigger instanceof Trigger.AtPlace place) {
            String cpu = place.cpu() < 0 ? "" : ", cpu: " + place.cpu();
            return "{arrival: " + place.place() + cpu + ", count: " + place.count() + "}";
        }
        throw new IllegalArgumentException("a point of a search is at a step or a place, not at " + trigger);
    }

    private static String what(Action action) {
        if (action instanceof Action.Nmi nmi) {
            return "what: nmi" + cpu(nmi.cpu());
        }
        if (action instanceof Action.Irq irq) {
            return "what: irq, vector: " + irq.vector() + cpu(irq.cpu());
        }
        if (action instanceof Action.Poke poke) {
            String bytes = poke.hex().replaceAll("(..)(?=.)", "$1 ");
            return "what: poke, address: " + poke.place() + ", bytes: \"" + bytes + "\", by: "
                    + (poke.debugger() ? "debugger" : "injection");
        }
        if (action instanceof Action.NotPresent hidden) {
            return "what: not-present, page: " + hidden.place() + ", faults: " + hidden.faults();
        }
        throw new IllegalArgumentException("not an injection: " + action);
    }

    private static String cpu(int cpu) {
        return cpu < 0 ? "" : ", cpu: " + cpu;
    }
}
