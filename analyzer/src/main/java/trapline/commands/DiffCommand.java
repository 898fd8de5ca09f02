package trapline.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.bundle.Bundle;
import trapline.cli.ExitCode;
import trapline.cli.Ink;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.cli.Words;
import trapline.diff.Code;
import trapline.diff.Divergence;
import trapline.diff.Explanation;
import trapline.diff.RunDiff;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.Visible;
import trapline.journal.Journal;
import trapline.text.EventText;

/** {@code diff A B}: where two runs first part, why, and every other place where they differ. */
@Command(
        name = "diff",
        description = "Align two runs by meaning, not by address; show where they first part and what follows.")
public final class DiffCommand extends ToolCommand {

    private static final int JSON_SCHEMA = 1;

    @Parameters(index = "0", paramLabel = "A", description = "A journal.")
    private @Nullable Path a;

    @Parameters(index = "1", paramLabel = "B", description = "Another, usually of another flow on the same scenario.")
    private @Nullable Path b;

    @Option(
            names = "--ignore",
            completionCandidates = Candidates.Kinds.class,
            paramLabel = "KIND",
            split = ",",
            description = "Do not count events of this kind, such as watch or call_entry; may be repeated.")
    private List<String> ignore = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "List at most N differences (default: 20).")
    private int limit = 20;

    /** What stands before an event's line. */
    private static final int MARGIN = 4;

    private final Code.Finder code;

    /**
     * A command.
     *
     * @param code finds the code of a journal's guest, to show the instructions that decided
     */
    public DiffCommand(Code.Finder code) {
        this.code = code;
    }

    @Override
    protected boolean paged() {
        return true;
    }

    @Override
    protected ExitCode execute() throws Exception {
        Set<EventKind> ignored = ignoredKinds();
        if (limit < 0) {
            throw new UserError(ExitCode.USAGE, "--limit " + limit + ": at least 0");
        }
        try (Journal inA = Bundle.journal(Objects.requireNonNull(a));
                Journal inB = Bundle.journal(Objects.requireNonNull(b))) {
            RunDiff diff = RunDiff.of(inA, inB, ignored, code);
            if (json()) {
                printJson(JSON_SCHEMA, new Document(diff.equal(), diff.divergences()));
            } else {
                print(diff, inA, inB);
            }
            ExitCode read = outcome(inA, inB);
            if (diff.equal() || diff.startsWithLoss()) {
                return diff.equal() ? read : ExitCode.LOSSY; // what is lost may have been the same
            }
            return ExitCode.FINDING;
        }
    }

    /**
     * The JSON document.
     *
     * @param equal whether the runs do the same
     * @param divergences where they do not
     */
    record Document(boolean equal, List<Divergence> divergences) {}

    private Set<EventKind> ignoredKinds() {
        Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        for (String label : ignore) {
            EventKind kind = EventKind.ofLabel(label);
            if (kind == null) {
                throw new UserError(ExitCode.USAGE, "--ignore " + label + ": there is no such kind of event; see show");
            }
            kinds.add(kind);
        }
        return kinds;
    }

    private void print(RunDiff diff, Journal inA, Journal inB) throws IOException {
        Ink ink = new Ink(console());
        out().println(ink.bold("A  " + title(inA)));
        out().println(ink.bold("B  " + title(inB)));
        if (diff.equal()) {
            out().println("\nBoth do the same.");
            return;
        }
        Divergence first = diff.divergences().get(0);
        Explanation inFirstA = Objects.requireNonNull(diff.explanationA());
        Explanation inFirstB = Objects.requireNonNull(diff.explanationB());
        out().println();
        wrapped(
                "",
                "They first part on CPU " + first.cpu() + ": decided at step " + inFirstA.decidedStep()
                        + " of A and step " + inFirstB.decidedStep() + " of B, visible at step "
                        + first.a().firstStep() + " of A and step " + first.b().firstStep() + " of B.");
        side("A", inFirstA, inA);
        side("B", inFirstB, inB);
        outcome(inFirstA, inFirstB);
        out().println("\nAll differences (" + diff.divergences().size() + "):");
        for (Divergence divergence :
                diff.divergences().subList(0, Math.min(limit, diff.divergences().size()))) {
            out().println("  CPU " + divergence.cpu());
            stretch("A", divergence.a());
            stretch("B", divergence.b());
        }
        if (diff.divergences().size() > limit) {
            out().println("  ... and " + (diff.divergences().size() - limit) + " more; --limit shows them");
        }
    }

    private static String title(Journal journal) {
        String flow = journal.header().flow();
        return Visible.line(journal.path().toString()) + (flow.isEmpty() ? "" : "  " + flow) + "  "
                + journal.header().name();
    }

    private void side(String name, Explanation explanation, Journal journal) {
        EventText text = new EventText(
                journal.header().textTables().withSources(code.sources(journal)),
                console().columns() - MARGIN);
        Ink ink = new Ink(console());
        out().println();
        wrapped("  ", ink.bold(name) + " decides by " + explanation.deciding());
        wrapped("    ", "  and branches on " + explanation.branch());
        for (Event event : explanation.before()) {
            out().println("    " + ink.line(text.line(event)));
        }
        for (Event event : explanation.after()) {
            out().println(ink.red("  > ") + ink.line(text.line(event)));
        }
        Event visible = explanation.visible();
        if (visible != null) {
            out().println("    ...");
            out().println(ink.red("  > ") + ink.line(text.line(visible)));
        }
    }

    /** A text over the width of the terminal, its second and later lines behind an indent. */
    private void wrapped(String indent, String text) {
        Words.hang(text, console().columns(), indent).forEach(out()::println);
    }

    private void outcome(Explanation inA, Explanation inB) {
        out().println("\nAfter it:");
        List<String> linesA = new ArrayList<>(inA.outcome());
        List<String> linesB = new ArrayList<>(inB.outcome());
        List<String> common = new ArrayList<>(linesA);
        common.retainAll(linesB);
        linesA.removeAll(common);
        linesB.removeAll(common);
        wrapped("     ", "  A  " + (linesA.isEmpty() ? "no value differs" : String.join(", ", linesA)));
        wrapped("     ", "  B  " + (linesB.isEmpty() ? "no value differs" : String.join(", ", linesB)));
    }

    private void stretch(String name, Divergence.Stretch stretch) {
        if (stretch.total() == 0) {
            out().println("    " + name + " does nothing here");
            return;
        }
        for (String moment : stretch.moments()) {
            wrapped("        ", "    " + name + " " + moment);
        }
        if (stretch.total() > stretch.moments().size()) {
            out().println("    " + name + " ... "
                    + (stretch.total() - stretch.moments().size()) + " more");
        }
    }
}
