package trapline.samples.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Compares the traps of a run with the {@code trap} and {@code end} lines of its case. */
final class TrapExpectation {
    private TrapExpectation() {}

    /** What differs, one line each; empty if all is as expected. */
    static List<String> differences(TrapCase test, List<TrapEvent> events) {
        List<String> differences = new ArrayList<>();
        int expected = test.traps.size() + (test.isEnded ? 1 : 0);
        if (events.size() != expected) {
            differences.add("expected " + expected + " traps, got " + TrapRuns.lines(events));
        }
        for (int i = 0; i < Math.min(events.size(), test.traps.size()); i++) {
            TrapCase.Expected trap = test.traps.get(i);
            if (trap.vector() != events.get(i).vector()) {
                differences.add("trap " + (i + 1) + ": expected " + Vectors.name(trap.vector()) + ", got "
                        + events.get(i).line());
            } else {
                compare("trap " + (i + 1), trap.fields(), events.get(i), differences);
            }
        }
        if (differences.isEmpty() && test.isEnded) {
            compare("end", test.end, events.get(events.size() - 1), differences);
        }
        return differences;
    }

    private static void compare(String what, Map<String, Integer> fields, TrapEvent event, List<String> differences) {
        fields.forEach((name, value) -> {
            int actual = value(event, name);
            if (actual != value) {
                differences.add(
                        String.format("%s: expected %s=%x, got %x in %s", what, name, value, actual, event.line()));
            }
        });
    }

    private static int value(TrapEvent event, String name) {
        return switch (name) {
            case "error" -> event.error();
            case "eip" -> event.eip();
            case "fl" -> event.eflags();
            case "cr2" -> event.cr2();
            case "dr6" -> event.dr6();
            default -> event.reg().get(Arrays.asList(BoxState.REGISTERS).indexOf(name));
        };
    }

    /** The expected traps as lines without actions; the end as the INT that it is. */
    static List<String> lines(TrapCase test) {
        List<String> lines = new ArrayList<>();
        test.traps.forEach(trap -> lines.add(line(trap.vector(), trap.fields())));
        if (test.isEnded) {
            lines.add(line(TrapCase.END_VECTOR, test.end));
        }
        return lines;
    }

    private static String line(int vector, Map<String, Integer> fields) {
        return new TrapEvent(
                        0,
                        vector,
                        fields.getOrDefault("error", 0),
                        fields.getOrDefault("eip", 0),
                        fields.getOrDefault("fl", 0),
                        0,
                        fields.getOrDefault("cr2", 0),
                        fields.getOrDefault("dr6", 0),
                        List.of())
                .line();
    }
}
