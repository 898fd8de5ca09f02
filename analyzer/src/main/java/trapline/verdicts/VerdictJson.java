package trapline.verdicts;

import java.util.ArrayList;
import java.util.List;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.events.Event;
import trapline.text.EventText;
import trapline.text.EventTextTables;

/** Verdicts as the records that JSON output is made of: their names are the stable keys. */
public final class VerdictJson {

    private VerdictJson() {}

    /** The verdicts of a journal. */
    public record Document(
            int schemaVersion,
            String path,
            String title,
            String digest,
            long events,
            String severity,
            String error,
            List<String> misses,
            List<VerdictRow> verdicts) {}

    /** One check. */
    public record VerdictRow(
            String check,
            String invariant,
            String verdict,
            String reason,
            long exercised,
            long findingsCount,
            List<FindingRow> findings) {}

    /** One finding; numbers of events are their ordinals. */
    public record FindingRow(
            long step,
            int cpu,
            long ordinal,
            String eip,
            String probe,
            String place,
            String source,
            String sentence,
            String signature,
            EventRow event,
            List<EventRow> slice) {}

    /** One event; roles say what it contributed. */
    public record EventRow(long ordinal, String kind, String symbol, String source, String text, List<String> roles) {}

    /** The records of a journal's verdicts. */
    public static Document of(JournalVerdicts verdicts) {
        EventTextTables tables = verdicts.tables();
        List<VerdictRow> rows = new ArrayList<>();
        for (CheckResult result : verdicts.results()) {
            rows.add(new VerdictRow(
                    result.info().id(),
                    result.info().invariant(),
                    result.verdict().name(),
                    result.reason(),
                    result.exercised(),
                    result.findingsCount(),
                    result.findings().stream().map(f -> finding(f, tables)).toList()));
        }
        return new Document(
                1,
                verdicts.path(),
                verdicts.title(),
                verdicts.digest(),
                verdicts.events(),
                verdicts.severity().name(),
                verdicts.error(),
                verdicts.misses(),
                rows);
    }

    private static FindingRow finding(Finding finding, EventTextTables tables) {
        Event event = finding.event();
        return new FindingRow(
                event.step(),
                event.cpu(),
                event.ordinal(),
                "0x" + Long.toHexString(event.ip()),
                finding.probe(),
                finding.place(),
                tables.symbols().source(finding.place()),
                finding.sentence(),
                finding.signature(),
                row(event, finding, tables),
                finding.slice().stream().map(e -> row(e, finding, tables)).toList());
    }

    private static EventRow row(Event event, Finding finding, EventTextTables tables) {
        List<String> roles = new ArrayList<>();
        for (Finding.Cause cause : finding.causes()) {
            if (cause.ordinal() == event.ordinal()) {
                roles.add(cause.role());
            }
        }
        return new EventRow(
                event.ordinal(),
                event.kind().label(),
                tables.symbols().describe(event.ip()),
                tables.symbols().source(event.ip()),
                new EventText(tables).line(event).strip(),
                roles);
    }
}
