package trapline.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.schedule.Action;
import trapline.schedule.Place;
import trapline.schedule.Point;
import trapline.schedule.Trigger;

/** Reads switch points and injections. */
final class PointReader {

    private static final int COUNT_MAX = 1_000_000_000;
    private static final int POKE_BYTES_MAX = 4096;
    private static final String AT_HELP = "{step: N}, {arrival: NAME+0xOFFSET, count: K} or {event: KIND, count: K}";

    private final int cpus;
    private final List<String> problems;
    private final List<Point> points = new ArrayList<>();

    PointReader(int cpus, List<String> problems) {
        this.cpus = cpus;
        this.problems = problems;
    }

    List<Point> points() {
        return points;
    }

    /** Items of {@code schedule.switches}: {@code {at: …, to: CPU}}. */
    void readSwitches(List<Node> items) {
        for (Node item : items) {
            Fields fields = new Fields(item, problems);
            Trigger at = trigger(fields);
            Action action = new Action.SwitchTo((int) fields.integer("to", 0, cpus - 1L));
            finish(fields, at, action);
        }
    }

    /** Items of {@code inject}: {@code {what: …, at: …, …}}. */
    void readInjections(List<Node> items) {
        for (Node item : items) {
            Fields fields = new Fields(item, problems);
            Trigger at = trigger(fields);
            finish(fields, at, action(fields));
        }
    }

    private void finish(Fields fields, @Nullable Trigger at, @Nullable Action action) {
        fields.end();
        if (at != null && action != null) {
            points.add(new Point(at, action, fields.where()));
        }
    }

    private @Nullable Action action(Fields fields) {
        String what = fields.text("what");
        return switch (what) {
            case "nmi" -> new Action.Nmi(cpu(fields));
            case "irq" -> new Action.Irq(cpu(fields), (int) fields.integer("vector", 16, 255));
            case "poke" -> poke(fields);
            case "not-present" -> {
                Place place = place(fields, "page");
                int faults = (int) fields.integer("faults", 0, COUNT_MAX, 1);
                yield place == null ? null : new Action.NotPresent(place, faults);
            }
            case "" -> null; // Missing or no text: reported already.
            default -> {
                Node node = fields.node("what");
                fields.problem(
                        node == null ? fields.where() : node.where,
                        "unknown injection '" + what + "'; there are nmi, irq, poke, not-present");
                yield null;
            }
        };
    }

    private @Nullable Action poke(Fields fields) {
        Place place = place(fields, "address");
        String hex = fields.text("bytes").replace(" ", "");
        boolean valid = hex.matches("([0-9a-fA-F]{2})+") && hex.length() <= 2 * POKE_BYTES_MAX;
        if (!valid) {
            fields.problem(fields.where(), "'bytes' must be pairs of hexadecimal digits in quotes, such as \"cc 90\"");
        }
        String by = fields.text("by", "injection");
        if (!by.equals("injection") && !by.equals("debugger")) {
            fields.problem(fields.where(), "'by' must be injection or debugger, not " + by);
        }
        return place == null || !valid ? null : new Action.Poke(place, hex, by.equals("debugger"));
    }

    private int cpu(Fields fields) {
        return (int) fields.integer("cpu", 0, cpus - 1L, -1);
    }

    private @Nullable Place place(Fields fields, String key) {
        Node node = fields.node(key);
        Place place = node == null ? null : Place.parse(node.text);
        if (place == null) {
            fields.problem(
                    node == null ? fields.where() : node.where,
                    "'" + key + "' must be a symbol, symbol+offset or 0x… address");
        }
        return place;
    }

    private @Nullable Trigger trigger(Fields point) {
        Fields at = point.map("at");
        if (at == null) {
            point.problem(point.where(), "key 'at' is missing: " + AT_HELP);
            return null;
        }
        Trigger trigger = null;
        if (at.node("step") != null) {
            trigger = new Trigger.AtStep(at.integer("step", 0, Long.MAX_VALUE));
        } else if (at.node("arrival") != null) {
            Place place = place(at, "arrival");
            int count = (int) at.integer("count", 1, COUNT_MAX, 1);
            trigger = place == null ? null : new Trigger.AtPlace(place, count, cpu(at));
        } else if (at.node("event") != null) {
            trigger = event(at);
        } else {
            at.problem(at.where(), "'at' needs " + AT_HELP);
        }
        at.end();
        return trigger;
    }

    private @Nullable Trigger event(Fields at) {
        String label = at.text("event");
        EventKind kind = EventKind.ofLabel(label);
        Map<String, String> where = new LinkedHashMap<>();
        Node conditions = at.node("where");
        if (conditions != null) {
            Fields fields = new Fields(conditions, problems);
            List<String> names = kind == null
                    ? List.copyOf(conditions.fields.keySet())
                    : kind.fields().stream().map(Field::name).toList();
            names.forEach(name -> {
                Node value = fields.node(name);
                if (value != null) {
                    where.put(name, value.text);
                }
            });
            fields.end();
        }
        int count = (int) at.integer("count", 1, COUNT_MAX, 1);
        int cpu = cpu(at);
        if (kind == null) {
            at.problem(at.where(), "unknown kind of event '" + label + "'");
            return null;
        }
        return new Trigger.AtEvent(kind, where, count, cpu);
    }
}
