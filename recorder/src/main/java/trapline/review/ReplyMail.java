package trapline.review;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import trapline.cli.Words;
import trapline.explore.Outcome;

/**
 * The answer to the mail that a handler was posted in, plain text of at most 72 columns: what is quoted stands behind
 * {@code >}, what is new and wrong behind {@code >>}; what the old handler had too is only counted.
 */
public final class ReplyMail {

    private static final int COLUMNS = 72;
    private static final int FINDINGS_MAX = 4;
    private static final int WINDOWS_MAX = 6;
    private static final int NAMES_MAX = 6;
    private static final String NEW = ">> ";

    private final Report report;
    private final Posting posting;
    private final String reporter;
    private final String version;
    private final Hunks hunks;
    private final List<String> out = new ArrayList<>();
    private int untagged;

    private ReplyMail(Report report, Posting posting, String reporter, String version) {
        this.report = report;
        this.posting = posting;
        this.reporter = reporter;
        this.version = version;
        this.hunks = new Hunks(report.base().source(), report.now().source());
    }

    /**
     * The lines.
     *
     * @param posting that is answered
     * @param reporter who says so, for {@code Reported-by:}; empty if unknown
     * @param version of the tool and of its machine
     */
    public static List<String> of(Report report, Posting posting, String reporter, String version) {
        ReplyMail mail = new ReplyMail(report, posting, reporter, version);
        mail.body();
        List<String> lines = new ArrayList<>(mail.headers());
        lines.add("");
        lines.addAll(mail.out);
        return lines.stream().map(ReplyMail::cut).toList();
    }

    private static String cut(String line) {
        return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 3) + "...";
    }

    private List<String> headers() {
        List<String> headers = new ArrayList<>();
        String subject =
                posting.get("subject").isEmpty() ? "[PATCH] " + report.now().name() : posting.get("subject");
        header(headers, "To", posting.get("from"));
        header(headers, "Cc", posting.get("cc"));
        headers.add("Subject: " + (subject.regionMatches(true, 0, "re:", 0, 3) ? subject : "Re: " + subject));
        header(headers, "In-Reply-To", posting.get("message-id"));
        if (report.worse()) {
            headers.add("Message-ID: <" + messageId() + ">");
        }
        return headers;
    }

    private static void header(List<String> headers, String name, String value) {
        if (!value.isEmpty()) {
            headers.add(name + ": " + value);
        }
    }

    /** The same findings in the same words are the same mail. */
    private String messageId() {
        CRC32 crc = new CRC32();
        crc.update(String.join("\n", out.subList(0, untagged)).getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "trapline-%08x@review.invalid", crc.getValue());
    }

    private void body() {
        if (report.worse()) {
            if (!posting.author().isEmpty()) {
                String date = posting.get("date");
                text((date.isEmpty() ? "" : "On " + date + ", ") + posting.author() + " wrote:", "");
            }
            findings();
        } else {
            text(
                    report.unchanged()
                            ? "No change: every check says of " + report.now().name() + " what it says of "
                                    + report.base().name() + "."
                            : report.now().name() + ": nothing is worse than with "
                                    + report.base().name() + ".",
                    "");
        }
        windows();
        counted();
        provenance();
    }

    private void findings() {
        List<Finding> findings = report.findings();
        for (int i = 0; i < Math.min(FINDINGS_MAX, findings.size()); i++) {
            if (i > 0) {
                out.add("");
            }
            finding(findings.get(i), i == 0);
        }
        if (findings.size() > FINDINGS_MAX) {
            out.add("");
            findings.subList(FINDINGS_MAX, findings.size())
                    .forEach(f -> text(NEW + f.scenarios().get(0) + ": " + checks(f), "   "));
        }
    }

    private void finding(Finding finding, boolean whole) {
        out.addAll(hunks.around(finding.number()));
        out.add("");
        text(NEW + finding.scenarios().get(0) + ": " + checks(finding), "   ");
        text(finding.title() + ": " + finding.wrong().get(0).sentence() + ".", "");
        if (!finding.decided().isEmpty()) {
            if (whole) {
                text(report.base().name() + " decides by " + finding.decided().get(0) + ".", "");
            }
            text(
                    report.now().name() + " decides by " + finding.decided().get(1) + ", at step "
                            + finding.steps().get(0) + "; it shows at step "
                            + finding.steps().get(1) + ".",
                    "");
        }
        List<String> others = finding.scenarios().subList(1, finding.scenarios().size());
        if (!others.isEmpty()) {
            text("The same in " + names(others) + ".", "");
        }
        String again = String.format(Locale.ROOT, "Reproduced %,d of %,d", finding.reproduced(), finding.times());
        out.add((finding.times() == 0 ? "Run it again" : again) + ":");
        if (finding.recipe().isEmpty()) {
            out.add("  " + finding.command());
        } else {
            finding.recipe().lines().forEach(line -> out.add("  " + line));
        }
        if (!finding.journals().isEmpty()) {
            out.add("  trapline diff " + finding.journals().get(0) + " \\");
            out.add("      " + finding.journals().get(1));
        }
    }

    private static String checks(Finding finding) {
        return String.join(
                ", ", finding.wrong().stream().map(Outcome.Failure::check).toList());
    }

    private static String names(List<String> names) {
        List<String> shown = names.subList(0, Math.min(NAMES_MAX, names.size()));
        int more = names.size() - shown.size();
        return String.join(", ", shown) + (more == 0 ? "" : " and " + more + " more");
    }

    private void windows() {
        List<WindowShift> opened = report.opened();
        if (!opened.isEmpty()) {
            out.add("");
            text("Windows opened (" + sweeps() + "):", "");
            List<List<WindowShift>> groups = groups(opened);
            groups.stream().limit(WINDOWS_MAX).forEach(group -> text(NEW + window(group), "   "));
            if (groups.size() > WINDOWS_MAX) {
                text("and " + (groups.size() - WINDOWS_MAX) + " more kinds.", "");
            }
        }
    }

    /** Windows of one stimulus that make the same check fail first, those with the most instructions first. */
    private static List<List<WindowShift>> groups(List<WindowShift> opened) {
        Map<String, List<WindowShift>> groups = new LinkedHashMap<>();
        opened.forEach(
                w -> groups.computeIfAbsent(w.stimulus() + " " + w.checks().get(0), k -> new ArrayList<>())
                        .add(w));
        List<List<WindowShift>> sorted = new ArrayList<>(groups.values());
        sorted.sort(Comparator.comparingInt(group -> -instructions(group)));
        return sorted;
    }

    private static int instructions(List<WindowShift> group) {
        return group.stream().mapToInt(WindowShift::instructions).sum();
    }

    private static String window(List<WindowShift> group) {
        WindowShift first = group.get(0);
        String file = first.line().substring(0, first.line().lastIndexOf(':') + 1);
        List<String> lines = group.stream()
                .map(w -> w.line().substring(w.line().lastIndexOf(':') + 1))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).thenComparing(number -> number))
                .toList();
        return first.stimulus() + " at " + Words.count(instructions(group), "instruction", "instructions") + ", "
                + file + names(lines) + ": " + first.checks().get(0) + ": " + first.sentence() + " ("
                + first.scenario() + ")";
    }

    private String sweeps() {
        Report.Swept swept = report.swept();
        return String.format(
                Locale.ROOT,
                "%s at each instruction, %s, %,d runs%s",
                String.join(" or ", swept.stimuli()),
                Words.count(swept.scenarios(), "workload", "workloads"),
                swept.runs(),
                swept.tooLong() == 0 ? "" : "; " + swept.tooLong() + " too long");
    }

    /** What is better or as it was: a line each. */
    private void counted() {
        out.add("");
        if (!report.better().isEmpty()) {
            text("Better: " + names(report.better().stream().map(Row::name).toList()) + ".", "");
        }
        if (!report.closed().isEmpty()) {
            int instructions =
                    report.closed().stream().mapToInt(WindowShift::instructions).sum();
            text("Windows closed: at " + Words.count(instructions, "instruction", "instructions") + ".", "");
        }
        if (!report.known().isEmpty()) {
            text(
                    Words.count(report.known().size(), "scenario fails", "scenarios fail") + " with "
                            + report.base().name() + " already, in the same checks.",
                    "");
        }
        if (!report.troubled().isEmpty()) {
            text(
                    "Not run: " + report.troubled().get(0).name() + ": "
                            + report.troubled().get(0).trouble()
                            + (report.troubled().size() == 1
                                    ? ""
                                    : " (and " + (report.troubled().size() - 1) + " more)"),
                    "");
        }
        if (!report.latencies().isEmpty()) {
            text("Median latencies, in instructions: " + latencies() + ".", "");
        }
    }

    private String latencies() {
        return String.join(
                ", ",
                report.latencies().stream()
                        .limit(NAMES_MAX)
                        .map(l -> l.span() + " " + l.before() + " > " + l.after() + " (" + l.scenario() + ")")
                        .toList());
    }

    private void provenance() {
        String compiler =
                report.now().compiler().isEmpty() ? "" : ", " + report.now().compiler();
        String windows = report.opened().isEmpty() && report.swept().scenarios() > 0 ? "; " + sweeps() : "";
        text(
                "Base " + report.base().name() + compiler + "; " + version + "; "
                        + Words.count(report.rows().size(), "scenario", "scenarios") + windows + ".",
                "");
        untagged = out.size();
        if (report.worse()) {
            out.add("");
            out.add("Reported-by: " + (reporter.isEmpty() ? "(your name and address)" : reporter));
            out.add("Closes: https://lore.kernel.org/r/" + messageId());
        }
    }

    private void text(String text, String indent) {
        List<String> lines = Words.wrap(text, COLUMNS - indent.length(), "");
        for (int i = 0; i < lines.size(); i++) {
            out.add((i == 0 ? "" : indent) + lines.get(i));
        }
    }
}
