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
import trapline.replay.ReplayListener;
import trapline.replay.ReplayMemory;
import trapline.text.EventTextTables;

/** Judges a run while it runs, and can be taken back with it. */
final class Judge implements EventConsumer {

    private final CheckRun checks;
    private final Phase phase = new Phase();
    private int dies;
    private int bugs;
    private int warns;
    private String complaint = "";
    private long eip;

    /** What it knew at one moment. */
    record Memory(ReplayMemory checks, Phase phase, int dies, int bugs, int warns, String complaint, long eip) {}

    /**
     * A judge of a run that has not begun.
     *
     * @param only ids of the checks to be asked; all if there are none
     */
    Judge(EventTextTables tables, List<String> only) {
        this(tables, only, List.of());
    }

    /** As above, with other listeners of the same replay. */
    Judge(EventTextTables tables, List<String> only, List<ReplayListener> others) {
        List<Check> asked = Checks.all().stream()
                .filter(check -> only.isEmpty() || only.contains(check.info().id()))
                .<Check>map(check -> check)
                .toList();
        checks = new CheckRun(tables, asked, others);
    }

    @Override
    public void accept(Event event) {
        EventKind kind = event.kind();
        if (kind == EventKind.DIE || kind == EventKind.BUG || kind == EventKind.WARN) {
            dies += kind == EventKind.DIE ? 1 : 0;
            bugs += kind == EventKind.BUG ? 1 : 0;
            warns += kind == EventKind.WARN ? 1 : 0;
            eip = dies + bugs + warns == 1 ? event.ip() : eip;
            complaint = complaint.isEmpty() ? event.text() : complaint;
        }
        phase.accept(event);
        checks.accept(event);
    }

    /** How far a CPU has come in the life of a probe. */
    long phase(int cpu) {
        return phase.of(cpu);
    }

    Memory save() {
        return new Memory(checks.save(), phase.copy(), dies, bugs, warns, complaint, eip);
    }

    void restore(Memory memory) {
        checks.restore(memory.checks());
        phase.become(memory.phase());
        dies = memory.dies();
        bugs = memory.bugs();
        warns = memory.warns();
        complaint = memory.complaint();
        eip = memory.eip();
    }

    /** What it says of the run; afterwards it can only be taken back. */
    Outcome outcome(Recording.End end) {
        List<CheckResult> results = results();
        boolean judged = results.stream().anyMatch(r -> r.verdict() == Verdict.PASS || r.verdict() == Verdict.FAIL);
        return new Outcome(
                end.reason(),
                end.exitCode(),
                end.detail(),
                end.steps(),
                new Outcome.Complaints(dies, bugs, warns, complaint, eip),
                judged,
                failures(results));
    }

    private List<CheckResult> results() {
        try {
            return checks.results(true, nobody -> {});
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is read here", e);
        }
    }

    private static List<Outcome.Failure> failures(List<CheckResult> results) {
        List<Outcome.Failure> failures = new ArrayList<>();
        for (CheckResult result : results) {
            if (result.verdict() == Verdict.FAIL) {
                Finding first = result.findings().get(0);
                Event event = first.event();
                failures.add(new Outcome.Failure(
                        result.info().id(), first.probe(), first.place(), event.ip(), event.step(), first.sentence()));
            }
        }
        return failures;
    }
}
