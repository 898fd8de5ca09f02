package trapline.analyze;

import java.util.ArrayList;
import java.util.List;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.events.Event;
import trapline.events.EventText;

/** Verdicts as the records that JSON output is made of: their names are the stable keys. */
final class CheckJson {

    private CheckJson() {}

    record Document(String path, String title, List<VerdictRow> verdicts) {}

    record VerdictRow(
            String check,
            String invariant,
            String verdict,
            String reason,
            long exercised,
            long findingsCount,
            List<FindingRow> findings) {}

    record FindingRow(
            long step,
            int cpu,
            long ordinal,
            String eip,
            String probe,
            String place,
            String sentence,
            String signature,
            EventRow event,
            List<EventRow> slice) {}

    record EventRow(long ordinal, String kind, String text, List<String> roles) {}

    static Document document(Checked checked) {
        EventText text = new EventText(checked.tables());
        List<VerdictRow> rows = new ArrayList<>();
        for (CheckResult result : checked.results()) {
            rows.add(new VerdictRow(
                    result.info().id(),
                    result.info().invariant(),
                    result.verdict().name(),
                    result.reason(),
                    result.exercised(),
                    result.findingsCount(),
                    result.findings().stream().map(f -> finding(f, text)).toList()));
        }
        return new Document(checked.path(), checked.title(), rows);
    }

    private static FindingRow finding(Finding finding, EventText text) {
        Event event = finding.event();
        return new FindingRow(
                event.step(),
                event.cpu(),
                event.ordinal(),
                "0x" + Long.toHexString(event.eip()),
                finding.probe(),
                finding.place(),
                finding.sentence(),
                finding.signature(),
                row(event, finding, text),
                finding.slice().stream().map(e -> row(e, finding, text)).toList());
    }

    private static EventRow row(Event event, Finding finding, EventText text) {
        List<String> roles = new ArrayList<>();
        for (Finding.Cause cause : finding.causes()) {
            if (cause.ordinal() == event.ordinal()) {
                roles.add(cause.role());
            }
        }
        return new EventRow(
                event.ordinal(), event.kind().label(), text.line(event).strip(), roles);
    }
}
