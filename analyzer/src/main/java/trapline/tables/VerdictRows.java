package trapline.tables;

import static trapline.tables.Column.number;
import static trapline.tables.Column.text;

import java.util.List;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.text.EventText;
import trapline.verdicts.JournalVerdicts;

/** Rows of {@link Table#VERDICTS} and {@link Table#FINDINGS}. */
public final class VerdictRows {

    static final List<Column> VERDICTS = List.of(
            Column.run(),
            text("check_id", "id of the check"),
            text("invariant", "its group"),
            text("verdict", "PASS, FAIL, UNKNOWN or NOT_EXERCISED"),
            text("reason", "why it is UNKNOWN or NOT_EXERCISED").orNone(),
            number("exercised", "how often the situation occurred"),
            number("finding_count", "how many violations there were"));

    static final List<Column> FINDINGS = List.of(
            Column.run(),
            text("check_id", "id of the check"),
            number("ordinal", "of the violating event"),
            number("step", "of the violating event"),
            number("cpu", "of the violating event"),
            number("eip", "of the violating event"),
            text("place", "its function and offset"),
            text("probe", "name of the probe, or none"),
            text("sentence", "what went wrong"),
            text("signature", "equal for violations with the same cause: check, function, probe"),
            text("event_line", "the event as 'show' prints it"));

    private VerdictRows() {}

    /** A row for each check; none for a journal that could not be read. */
    public static void verdicts(JournalVerdicts verdicts, Rows rows) {
        for (CheckResult result : verdicts.results()) {
            rows.text(verdicts.path());
            rows.text(result.info().id());
            rows.text(result.info().invariant());
            rows.text(result.verdict().name());
            rows.text(result.reason().isEmpty() ? null : result.reason());
            rows.number(result.exercised());
            rows.number(result.findingsCount());
            rows.endRow();
        }
    }

    /** A row for each violation that is kept. */
    public static void findings(JournalVerdicts verdicts, Rows rows) {
        EventText text = new EventText(verdicts.tables());
        for (CheckResult result : verdicts.results()) {
            for (Finding finding : result.findings()) {
                rows.text(verdicts.path());
                rows.text(finding.check());
                rows.number(finding.event().ordinal());
                rows.number(finding.event().step());
                rows.number(finding.event().cpu());
                rows.number(finding.event().ip());
                rows.text(finding.place());
                rows.text(finding.probe());
                rows.text(finding.sentence());
                rows.text(finding.signature());
                rows.text(text.line(finding.event()).strip());
                rows.endRow();
            }
        }
    }
}
