package trapline.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.block.BlockInfo;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Finding;
import trapline.checks.kprobes.Checks;
import trapline.cli.ExitCode;
import trapline.cli.Ink;
import trapline.cli.Json;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.diff.Code;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.FieldType;
import trapline.events.FlagCause;
import trapline.exchange.MailWriter;
import trapline.journal.Journal;
import trapline.text.EventText;
import trapline.text.FieldText;
import trapline.text.Nearest;

/** {@code show}: events as text. */
@Command(
        name = "show",
        description =
                "Prints events, one line each, in the order of the stream: 72 columns, more if the terminal has them.")
final class ShowCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 2;
    private static final int MAIL_EVENTS_MAX = 5000;
    private static final long FOLLOW_NANOS = 200_000_000;

    @Parameters(paramLabel = "PATH", description = "Journal.")
    private Path path = Path.of(".");

    @Option(names = "--from", paramLabel = "STEP", description = "First step.")
    private @Nullable Long first;

    @Option(names = "--to", paramLabel = "STEP", description = "Last step.")
    private @Nullable Long last;

    @Option(names = "--cpu", paramLabel = "N", description = "This CPU only.")
    private @Nullable Integer cpu;

    @Option(
            names = "--kind",
            completionCandidates = Candidates.Kinds.class,
            paramLabel = "KIND",
            split = ",",
            description = "These kinds only, such as trap_entry,kprobe_status.")
    private List<String> kinds = new ArrayList<>();

    @Option(names = "--all", description = "EFLAGS writes of arithmetic too; they are left out otherwise.")
    private boolean all;

    @Option(
            names = "--mail",
            description = "As the body of a mail: 7-bit, with recipe and digest; import reads it back.")
    private boolean mail;

    @Option(
            names = "--around",
            paramLabel = "CHECK",
            description =
                    "The events of this check's first finding, from the first that brought it about; with --mail the"
                            + " finding stands above them.")
    private @Nullable String around;

    @Option(names = "--follow", description = "Go on with a journal that is being written, until it is closed.")
    private boolean follow;

    private long from;
    private long to = Long.MAX_VALUE;
    private Set<EventKind> wanted = EnumSet.allOf(EventKind.class);
    private @Nullable EventText text;
    private @Nullable FieldText fieldText;
    private Ink ink = Ink.NONE;

    record Row(
            long ordinal,
            long step,
            int cpu,
            String eip,
            String symbol,
            String source,
            String kind,
            Map<String, Object> fields,
            String text) {}

    /** The first line of JSON: what the lines behind it are. */
    record Head(int schemaVersion, String journal, String name, String flow, String clock, int cpus, boolean closed) {}

    private final Code.Finder code;

    /**
     * A command.
     *
     * @param code finds the code of a journal's guest, to name source lines
     */
    ShowCommand(Code.Finder code) {
        this.code = code;
    }

    @Override
    protected boolean paged() {
        return !follow;
    }

    @Override
    protected ExitCode execute() throws IOException {
        if (mail && (json() || follow)) {
            throw new UserError(
                    ExitCode.USAGE, "--mail is a form of its own, of a finished run: no --json, no --follow");
        }
        requireRange(first, last);
        from = first == null ? 0 : first;
        to = last == null ? Long.MAX_VALUE : last;
        if (!kinds.isEmpty()) {
            wanted = EnumSet.noneOf(EventKind.class);
            for (String label : kinds) {
                EventKind kind = EventKind.ofLabel(label);
                if (kind == null) {
                    throw new UserError(
                            ExitCode.USAGE,
                            "--kind: there is no kind of event '" + label + "'"
                                    + Nearest.hint(
                                            label,
                                            Arrays.stream(EventKind.values())
                                                    .map(EventKind::label)
                                                    .toList()));
                }
                wanted.add(kind);
            }
        }
        try (Opened opened = Opened.journal(path, code)) {
            Journal journal = opened.journal();
            requireCpu(cpu, opened.header());
            text = new EventText(
                    opened.tables(), console().outIsTerminal() ? console().columns() : 0);
            fieldText = new FieldText(opened.tables());
            ink = new Ink(console());
            CheckText.Witness witness = around == null ? null : witness(opened, around);
            head(opened);
            if (mail) {
                if (witness != null) {
                    out().print(witness.text());
                }
                out().print(mail(opened));
            } else if (follow) {
                follow(journal);
            } else {
                read(journal, this::print);
            }
            return outcome(journal);
        }
    }

    /** The first finding of a check; the events of it alone are printed. */
    private CheckText.Witness witness(Opened opened, String check) throws IOException {
        CheckRun run = new CheckRun(opened.tables(), Checks.all());
        opened.journal().read(run);
        List<CheckResult> results = run.results(opened.journal().incomplete(), opened.journal()::read);
        for (CheckResult result : results) {
            if (result.info().id().equalsIgnoreCase(check)) {
                if (result.findings().isEmpty()) {
                    throw new UserError(
                            ExitCode.USAGE, "--around: " + result.info().id() + " found nothing here");
                }
                Finding finding = result.findings().get(0);
                from = Math.max(from, finding.slice().get(0).step());
                to = Math.min(to, finding.event().step());
                return new CheckText.Witness(finding, result.info(), opened.tables());
            }
        }
        List<String> ids = results.stream().map(result -> result.info().id()).toList();
        throw new UserError(ExitCode.USAGE, "--around: there is no check '" + check + "'" + Nearest.hint(check, ids));
    }

    private void head(Opened opened) {
        if (json()) {
            JournalHeader h = opened.header();
            boolean closed = opened.journal().closed();
            out().println(Json.line(
                    new Head(SCHEMA_VERSION, String.valueOf(path), h.name(), h.flow(), h.clock(), h.cpus(), closed)));
        }
    }

    private void read(Journal journal, EventConsumer consumer) throws IOException {
        List<BlockInfo> blocks = journal.blocks();
        int first = Math.min(journal.blockAt(from), Math.max(0, blocks.size() - 1));
        int end = blocks.size();
        while (end - 1 > first && blocks.get(end - 1).firstStep() > to) {
            end--;
        }
        journal.read(first, end, consumer);
    }

    /** Prints block after block as they come; a block is the least that a writer commits. */
    private void follow(Journal journal) throws IOException {
        int next = 0;
        while (true) {
            int end = journal.blocks().size();
            boolean closed = journal.closed();
            if (closed) {
                journal.read(next, end, this::print);
                return;
            }
            if (end > next) {
                journal.read(next, end, e -> {
                    if (e.kind() != EventKind.LOST || e.value(Lost.COUNT) >= 0) {
                        print(e); // that it is not closed goes without saying
                    }
                });
                out().flush();
                next = end;
            }
            if (!journal.refresh()) {
                LockSupport.parkNanos(FOLLOW_NANOS);
            }
        }
    }

    private String mail(Opened opened) throws IOException {
        Journal journal = opened.journal();
        List<Event> events = new ArrayList<>();
        read(journal, e -> {
            if (isWanted(e)) {
                if (events.size() == MAIL_EVENTS_MAX) {
                    throw new UserError(
                            ExitCode.USAGE,
                            "more than " + MAIL_EVENTS_MAX
                                    + " events do not fit a mail; choose with --from, --to, --kind");
                }
                events.add(e.copy());
            }
        });
        boolean all = cpu == null && kinds.isEmpty() && around == null;
        return MailWriter.text(
                opened.header(),
                this.all,
                all && from == 0,
                all && to == Long.MAX_VALUE && journal.closed(),
                events,
                journal.footer().map(JournalFooter::digest).orElse(""));
    }

    private boolean isWanted(Event e) {
        boolean alu = e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) == FlagCause.ALU.code();
        return e.step() >= from
                && e.step() <= to
                && (cpu == null || e.cpu() == cpu)
                && wanted.contains(e.kind())
                && (!alu || all);
    }

    private void print(Event e) {
        if (text == null || !isWanted(e)) {
            return;
        }
        if (json()) {
            out().println(Json.line(row(e, Objects.requireNonNull(fieldText))));
        } else {
            out().println(ink.line(text.line(e)));
        }
    }

    private static Row row(Event e, FieldText fieldText) {
        Map<String, Object> fields = new TreeMap<>();
        for (int i = 0; i < e.kind().fields().size(); i++) {
            Field field = e.kind().fields().get(i);
            fields.put(field.name(), fieldText.json(e.kind(), field, e.value(i)));
            String symbol = field.type() == FieldType.ADDRESS ? fieldText.symbol(e.value(i)) : "";
            if (!symbol.isEmpty()) {
                fields.put(field.name() + "Symbol", symbol);
            }
        }
        return new Row(
                e.ordinal(),
                e.step(),
                e.cpu(),
                "0x" + Long.toHexString(e.ip()),
                fieldText.symbol(e.ip()),
                fieldText.source(e.ip()),
                e.kind().label(),
                fields,
                e.text());
    }
}
