package trapline.analyze;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.EventText;
import trapline.events.Field;
import trapline.events.FlagCause;
import trapline.journal.BlockInfo;

/** {@code show}: events as text. */
@Command(name = "show", description = "Prints events, one line each, 72 columns, in the order of the stream.")
final class ShowCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", description = "Journal.")
    private Path path = Path.of(".");

    @Option(names = "--from", paramLabel = "STEP", description = "First step.")
    private long from = 0;

    @Option(names = "--to", paramLabel = "STEP", description = "Last step.")
    private long to = Long.MAX_VALUE;

    @Option(names = "--cpu", paramLabel = "N", description = "This CPU only.")
    private int cpu = -1;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "These kinds only, such as trap_entry,kprobe_status.")
    private List<String> kinds = new ArrayList<>();

    @Option(names = "--all", description = "EFLAGS writes of arithmetic too; they are left out otherwise.")
    private boolean all;

    private Set<EventKind> wanted = EnumSet.allOf(EventKind.class);
    private @Nullable EventText text;

    record Row(long ordinal, long step, int cpu, String eip, String kind, Map<String, Object> fields, String text) {}

    @Override
    protected ExitCode execute() throws IOException {
        if (!kinds.isEmpty()) {
            wanted = EnumSet.noneOf(EventKind.class);
            for (String label : kinds) {
                EventKind kind = EventKind.ofLabel(label);
                if (kind == null) {
                    throw new UserError(ExitCode.USAGE, "--kind: there is no kind of event '" + label + "'");
                }
                wanted.add(kind);
            }
        }
        try (Opened opened = Opened.journal(path)) {
            text = new EventText(opened.tables());
            List<BlockInfo> blocks = opened.journal().blocks();
            int first = 0;
            int end = blocks.size();
            while (first < end - 1 && blocks.get(first).lastStep() < from) {
                first++;
            }
            while (end - 1 > first && blocks.get(end - 1).firstStep() > to) {
                end--;
            }
            opened.journal().read(first, end, this::print);
        }
        return ExitCode.CLEAN;
    }

    private void print(Event e) {
        boolean alu = e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) == FlagCause.ALU.code();
        if (e.step() < from
                || e.step() > to
                || (cpu >= 0 && e.cpu() != cpu)
                || !wanted.contains(e.kind())
                || (alu && !all)
                || text == null) {
            return;
        }
        if (json()) {
            out().println(Json.line(row(e)));
        } else {
            out().println(text.line(e));
        }
    }

    private static Row row(Event e) {
        Map<String, Object> fields = new TreeMap<>();
        for (int i = 0; i < e.kind().fields().size(); i++) {
            Field field = e.kind().fields().get(i);
            fields.put(field.name(), field.labels().isEmpty() ? (Object) e.value(i) : field.labelOf(e.value(i)));
        }
        return new Row(
                e.ordinal(),
                e.step(),
                e.cpu(),
                "0x" + Long.toHexString(e.eip()),
                e.kind().label(),
                fields,
                e.text());
    }
}
