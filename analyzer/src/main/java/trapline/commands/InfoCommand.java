package trapline.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import trapline.block.Damage;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.cli.ExitCode;
import trapline.cli.Ink;
import trapline.cli.ToolCommand;
import trapline.cli.Words;
import trapline.events.EventKind;
import trapline.events.Observed;
import trapline.events.Visible;
import trapline.journal.Journal;
import trapline.text.EventTextTables;

/** {@code info}: what a journal is. */
@Command(name = "info", description = "Describes a journal: where it comes from, what it holds, whether it is whole.")
final class InfoCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", description = "Journal.")
    private Path path = Path.of(".");

    record Document(
            String path,
            String name,
            String flow,
            String workload,
            String tool,
            int semantics,
            String source,
            String clock,
            int cpus,
            String eflags,
            boolean closed,
            String end,
            long from,
            long events,
            long steps,
            int blocks,
            String digest,
            Map<String, Long> counts,
            List<String> delivers,
            List<String> observes,
            Map<String, String> images,
            String recipe,
            List<String> damage) {}

    @Override
    protected ExitCode execute() throws IOException {
        try (Opened opened = Opened.journal(path)) {
            // What is said of it holds for all of it, so all of it is read.
            opened.journal().read(event -> {});
            Document document = document(opened.journal(), opened.tables());
            if (json()) {
                printJson(1, document);
            } else {
                print(document);
            }
            ExitCode read = outcome(opened.journal());
            return document.damage().isEmpty() ? read : read.worse(ExitCode.LOSSY);
        }
    }

    private Document document(Journal journal, EventTextTables tables) {
        JournalHeader h = journal.header();
        Optional<JournalFooter> footer = journal.footer();
        return new Document(
                path.toString(),
                h.name(),
                h.flow(),
                h.workload(),
                h.tool(),
                h.semantics(),
                h.source(),
                h.clock(),
                h.cpus(),
                h.eflagsAll() ? "all" : "control",
                journal.closed(),
                footer.map(JournalFooter::end).orElse(""),
                h.from(),
                journal.events(),
                footer.map(JournalFooter::steps).orElse(0L),
                journal.blocks().size(),
                footer.map(JournalFooter::digest).orElse(""),
                footer.map(JournalFooter::counts).orElse(Map.of()),
                h.delivers().stream().map(EventKind::label).toList(),
                tables.observed().stream().map(InfoCommand::observed).toList(),
                h.images(),
                h.recipe(),
                journal.damage().stream().map(Damage::line).toList());
    }

    private static String observed(Observed row) {
        return row.kind().label() + " " + row.name();
    }

    private void print(Document d) {
        Ink ink = new Ink(console());
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("name", d.name());
        lines.put("flow", d.flow());
        lines.put("workload", d.workload());
        lines.put("source", d.source() + ", clock: " + d.clock());
        lines.put("tool", d.tool() + ", semantics " + d.semantics());
        lines.put("CPUs", "" + d.cpus());
        lines.put("EFLAGS", d.eflags() + " writes");
        lines.put("from", d.from() == 0 ? "" : "step " + d.from() + ": no probe was registered before");
        lines.put("state", d.closed() ? "closed, ended by " + d.end() : "not closed: the recording was cut off");
        lines.put("events", d.events() + " in " + Words.count(d.blocks(), "block", "blocks"));
        lines.put("steps", d.closed() ? "" + d.steps() : "");
        lines.put("digest", d.digest());
        out().println(ink.bold(Visible.line(d.path())));
        lines.forEach((key, value) -> {
            if (!value.isEmpty()) {
                out().println(String.format("  %-10s%s", key, value));
            }
        });
        d.counts().forEach((kind, count) -> out().println(String.format("  %12d %s", count, kind)));
        Words.wrap(String.join(", ", d.observes()), console().columns(), "            ")
                .forEach(out()::println);
        d.damage().forEach(line -> out().println(ink.red("  damage    ") + line));
    }
}
