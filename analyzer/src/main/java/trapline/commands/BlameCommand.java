package trapline.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Ink;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.diff.Code;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.Observed;
import trapline.events.Symbol;
import trapline.replay.Blame;
import trapline.replay.Replay;
import trapline.text.EventText;

/** {@code blame}: who wrote it last. */
@Command(
        name = "blame",
        description = "Names the last writer of a flag, a kprobes variable or a byte of text, and the chain back.")
final class BlameCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", description = "Journal.")
    private Path path = Path.of(".");

    @Option(names = "--at", paramLabel = "STEP", required = true, description = "The last step that counts.")
    private long at;

    @Option(
            names = "--what",
            completionCandidates = Candidates.Variables.class,
            paramLabel = "WHAT",
            required = true,
            description = "TF, IF, status, current, preempt, nmissed[:PROBE] or text:ADDRESS (number or symbol).")
    private String what = "";

    @Option(names = "--cpu", paramLabel = "N", description = "CPU; default: 0.")
    private int cpu = 0;

    /** Events are missing that may have been the writers. */
    private boolean lost;

    record Row(long step, int cpu, long ordinal, String kind, String place, String source, String what, String text) {}

    record Document(String what, long at, List<Row> chain) {}

    private final Code.Finder code;

    /**
     * A command.
     *
     * @param code finds the code of a journal's guest, to name source lines
     */
    BlameCommand(Code.Finder code) {
        this.code = code;
    }

    @Override
    protected ExitCode execute() throws IOException {
        try (Opened opened = Opened.journal(path, code)) {
            requireCpu(cpu, opened.header());
            if (at < 0) {
                throw new UserError(ExitCode.USAGE, "--at " + at + ": steps count from 0");
            }
            Blame blame = question(opened);
            Replay replay = new Replay(opened.tables(), List.of(blame));
            opened.journal().read(new BehindLoss(replay) {
                @Override
                public void accept(Event event) {
                    lost |= event.kind() == EventKind.LOST && event.step() <= at;
                    super.accept(event);
                }
            });
            EventText text = new EventText(opened.tables(), console().columns() - 3);
            List<Row> rows = blame.chain().stream()
                    .map(link -> new Row(
                            link.event().step(),
                            link.event().cpu(),
                            link.event().ordinal(),
                            link.event().kind().label(),
                            place(opened, link.event().ip()),
                            opened.tables().symbols().source(link.event().ip()),
                            link.what(),
                            text.line(link.event())))
                    .toList();
            if (json()) {
                printJson(1, new Document(what, at, rows));
            } else {
                print(rows);
            }
            ExitCode read = outcome(opened.journal());
            return lost ? read.worse(ExitCode.LOSSY) : read; // the last writer may be among what is missing
        }
    }

    private static String place(Opened opened, long address) {
        return opened.tables().symbols().describe(address);
    }

    private Blame question(Opened opened) {
        int colon = what.indexOf(':');
        String word = colon < 0 ? what : what.substring(0, colon);
        String argument = colon < 0 ? "" : what.substring(colon + 1);
        Blame.What asked;
        try {
            asked = Blame.What.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw wrong("'" + what + "' is none of TF, IF, status, current, preempt, nmissed[:PROBE], text:ADDRESS");
        }
        boolean takesArgument = asked == Blame.What.NMISSED || asked == Blame.What.TEXT;
        if (colon >= 0 && !takesArgument) {
            throw wrong("'" + word + "' takes nothing behind a colon");
        }
        if (asked == Blame.What.TEXT && argument.isEmpty()) {
            throw wrong("text needs an address, such as text:c0101234 or text:SYMBOL+0x4");
        }
        if (asked == Blame.What.NMISSED && colon >= 0) {
            List<String> names = opened.tables().observed().stream()
                    .map(Observed::name)
                    .filter(name -> name.startsWith("nmissed:"))
                    .map(name -> name.substring("nmissed:".length()))
                    .toList();
            if (!names.contains(argument)) {
                throw wrong("no probe '" + argument + "' has an nmissed; there "
                        + (names.isEmpty() ? "is none" : "are " + String.join(", ", names)));
            }
        }
        return new Blame(asked, cpu, at, asked == Blame.What.TEXT ? address(argument, opened) : 0, argument);
    }

    private static UserError wrong(String message) {
        return new UserError(ExitCode.USAGE, "--what: " + message);
    }

    private static long address(String text, Opened opened) {
        int plus = text.indexOf('+');
        Symbol symbol = opened.tables().symbols().find(plus < 0 ? text : text.substring(0, plus));
        Long offset = symbol == null ? number(text) : plus < 0 ? Long.valueOf(0) : number(text.substring(plus + 1));
        if (offset == null) {
            throw wrong("'" + text + "' is neither a number nor a symbol");
        }
        return symbol == null ? offset : symbol.address() + offset;
    }

    private static @Nullable Long number(String text) {
        try {
            return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text, 16);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void print(List<Row> rows) {
        Ink ink = new Ink(console());
        if (rows.isEmpty()) {
            out().println(
                            lost
                                    ? "nobody is known to have written " + what + " up to step " + at
                                            + ": events are missing before it"
                                    : "nobody wrote " + what + " up to step " + at);
        }
        String indent = "";
        for (Row row : rows) {
            out().println(ink.bold(indent + (indent.isEmpty() ? "" : "<- ") + row.what()));
            out().println("   " + ink.line(row.text()));
            indent = " ";
        }
    }
}
