package trapline.commands;

import java.util.stream.Collectors;
import trapline.checks.CheckInfo;
import trapline.checks.kprobes.Checks;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.Labelled;
import trapline.manual.ManualPage;

/** Pages of the manual that are made of what the program knows. */
final class Pages {

    private Pages() {}

    static String checks() {
        StringBuilder page = new StringBuilder("""
                # What is judged

                Each check yields PASS, FAIL (with the first violating event and the shortest slice of events that shows it),
                UNKNOWN (events are missing where it mattered) or NOT_EXERCISED (the situation it judges did not occur).

                ## Checks
                """);
        for (CheckInfo info : Checks.infos()) {
            page.append("\n### " + info.id() + " (" + info.invariant() + ")\n\n" + info.claim() + "\n");
            info.exceptions().forEach(exception -> page.append("\n- " + exception));
            page.append(info.exceptions().isEmpty() ? "" : "\n").append("\nSee " + info.citation() + ".\n");
        }
        page.append("\n## Monitors\n\nAutomata that travel inside the executable, for `check --monitor NAME`.\n\n");
        for (ShippedMonitor monitor : ShippedMonitor.values()) {
            page.append("- **" + monitor.label() + "**: " + monitor.claim() + "\n");
        }
        return page.toString();
    }

    static String events() {
        StringBuilder page = new StringBuilder(ManualPage.ofResource("events", 5, "", "trapline/manual/events.md")
                .markdown()
                .get());
        page.append('\n');
        for (EventKind kind : EventKind.values()) {
            String fields = kind.fields().stream().map(Pages::field).collect(Collectors.joining(", "));
            page.append("- **" + kind.label() + "**: " + (fields.isEmpty() ? "no fields" : fields)
                    + (kind.hasText() ? ", and a text" : "") + "\n");
        }
        return page.toString();
    }

    private static String field(Field field) {
        return field.labels().isEmpty()
                ? field.name()
                : field.name() + " ("
                        + field.labels().stream().map(Labelled::label).collect(Collectors.joining(" ")) + ")";
    }
}
