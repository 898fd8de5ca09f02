package trapline.explore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import trapline.checks.Check;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.recording.Recording;
import trapline.replay.ReplayMemory;
import trapline.text.EventTextTables;

/** Judges a run while it runs, and can be taken back with it. */
final class Judge implements EventConsumer {

    private final CheckRun checks;
    private int dies;
    private int bugs;
    private int warns;
    private String complaint = "";

    /** What it knew at one moment. */
    record Memory(ReplayMemory checks, int dies, int bugs, int warns, String complaint) {}

    /**
     * A judge of a run that has not begun.
     *
     * @param only ids of the checks to be asked; all if there are none
     */
    Judge(EventTextTables tables, List<String> only) {
        List<Check> asked = Checks.all().stream()
                .filter(check -> only.isEmpty() || only.contains(check.info().id()))
                .<Check>map(check -> check)
                .toList();
        checks = new CheckRun(tables, asked);
    }

    @Override
    public void accept(Event event) {
        EventKind kind = event.kind();
        if (kind == EventKind.DIE || kind == EventKind.BUG || kind == EventKind.WARN) {
            dies += kind == EventKind.DIE ? 1 : 0;
            bugs += kind == EventKind.BUG ? 1 : 0;
            warns += kind == EventKind.WARN ? 1 : 0;
            complaint = complaint.isEmpty() ? event.text() : complaint;
        }
        checks.accept(event);
    }

    Memory save() {
        return new Memory(checks.save(), dies, bugs, warns, complaint);
    }

    void restore(Memory memory) {
        checks.restore(memory.checks());
        dies = memory.dies();
        bugs = memory.bugs();
        warns = memory.warns();
        complaint = memory.complaint();
    }

    /** What it says of the run; afterwards it can only be taken back. */
    Outcome outcome(Recording.End end) {
        return new Outcome(
                end.reason(), end.exitCode(), end.detail(), end.steps(), dies, bugs, warns, complaint, failures());
    }

    private List<Outcome.Failure> failures() {
        List<Outcome.Failure> failures = new ArrayList<>();
        try {
            for (CheckResult result : checks.results(true, nobody -> {})) {
                if (result.verdict() == Verdict.FAIL) {
                    Finding first = result.findings().get(0);
                    Event event = first.event();
                    failures.add(new Outcome.Failure(
                            result.info().id(),
                            first.probe(),
                            first.place(),
                            event.eip(),
                            event.step(),
                            first.sentence()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is read here", e);
        }
        return failures;
    }
}
