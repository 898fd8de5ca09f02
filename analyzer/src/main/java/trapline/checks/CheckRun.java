package trapline.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;
import trapline.replay.Crew;
import trapline.replay.Replay;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayMemory;
import trapline.replay.ReplayState;
import trapline.replay.Role;
import trapline.text.EventTextTables;

/**
 * Runs checks over one stream: feed it every event, then ask for the results. It is an {@link
 * trapline.events.EventConsumer}, so it can also listen while the stream is being made.
 */
public final class CheckRun implements Crew {

    private final List<Check> checks;
    private final Replay replay;
    private final Map<Check, Integer> told = new HashMap<>();

    /**
     * Prepares a run of checks that have not run before.
     *
     * @param tables tables of the stream
     * @param checks fresh checks
     */
    public CheckRun(EventTextTables tables, List<? extends Check> checks) {
        this(tables, checks, List.of());
    }

    /** As above, with other listeners of the same replay, such as histograms. */
    public CheckRun(EventTextTables tables, List<? extends Check> checks, List<? extends ReplayListener> others) {
        this.checks = List.copyOf(checks);
        List<ReplayListener> listeners = new ArrayList<>(this.checks);
        listeners.addAll(others);
        replay = new Replay(tables, listeners);
    }

    @Override
    public Replay replay() {
        return replay;
    }

    @Override
    public boolean wantsArithmetic() {
        return replay.wantsAlu();
    }

    @Override
    public void resume(StreamState state) {
        replay.resume(state);
    }

    @Override
    public void accept(Event event) {
        replay.accept(event);
    }

    /** What the checks know so far, for {@link #restore}. */
    public ReplayMemory save() {
        return replay.save();
    }

    /**
     * The checks know what they knew then, and nothing of what came after: the stream goes on differently from there.
     * {@link #newFindings} begins anew.
     *
     * @param memory of this run, or of one with the same tables and the same checks
     */
    public void restore(ReplayMemory memory) {
        replay.restore(memory);
        told.clear();
    }

    /** The checks that judge, as they were given. */
    public List<Check> checks() {
        return List.copyOf(checks);
    }

    /** The state after the last event. */
    public ReplayState state() {
        return replay.state();
    }

    /**
     * Ends the run.
     *
     * @param complete whether the stream has its end; if not, nothing passes
     * @param source the same stream once more, read only if a finding needs the events of its slice
     * @throws IOException if it cannot be read again
     */
    public List<CheckResult> results(boolean complete, EventSource source) throws IOException {
        return results(complete ? "" : "the journal is not closed: its end is missing", source);
    }

    /**
     * Ends the run.
     *
     * @param incomplete why the stream may not be all there is, and then nothing passes; empty if it is
     * @param source the same stream once more, read only if a finding needs the events of its slice
     * @throws IOException if it cannot be read again
     */
    public List<CheckResult> results(String incomplete, EventSource source) throws IOException {
        replay.end();
        List<Check.Draft> drafts = new ArrayList<>();
        checks.forEach(check -> drafts.addAll(check.drafts()));
        Map<Long, Event> events = fetch(drafts, source);
        List<CheckResult> results = new ArrayList<>();
        for (Check check : checks) {
            results.add(result(check, incomplete, events));
        }
        return results;
    }

    /**
     * The violations since the last call, while the stream goes on.
     *
     * @param source the stream so far, read only if there are any
     * @throws IOException if it cannot be read again
     */
    public List<Finding> newFindings(EventSource source) throws IOException {
        List<Check.Draft> fresh = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Check check : checks) {
            int from = told.getOrDefault(check, 0);
            for (Check.Draft draft : check.drafts().subList(from, check.drafts().size())) {
                fresh.add(draft);
                ids.add(check.info().id());
            }
            told.put(check, check.drafts().size());
        }
        Map<Long, Event> events = fetch(fresh, source);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            findings.add(finding(ids.get(i), fresh.get(i), events));
        }
        return findings;
    }

    private Map<Long, Event> fetch(List<Check.Draft> drafts, EventSource source) throws IOException {
        Map<Long, Event> wanted = new TreeMap<>();
        for (Check.Draft draft : drafts) {
            wanted.put(draft.event().ordinal(), draft.event());
            for (Finding.Cause cause : draft.causes()) {
                wanted.putIfAbsent(cause.ordinal(), draft.event());
            }
        }
        if (!wanted.isEmpty()) {
            source.read(new StreamConsumer() {
                @Override
                public boolean wantsArithmetic() {
                    return CheckRun.this.wantsArithmetic();
                }

                @Override
                public void accept(Event event) {
                    wanted.computeIfPresent(event.ordinal(), (ordinal, known) -> event.copy());
                }
            });
        }
        return wanted;
    }

    private static Finding finding(String check, Check.Draft draft, Map<Long, Event> events) {
        Map<Long, Event> slice = new TreeMap<>();
        draft.causes().forEach(c -> slice.put(c.ordinal(), events.getOrDefault(c.ordinal(), draft.event())));
        slice.put(draft.event().ordinal(), draft.event());
        return new Finding(
                check,
                draft.event(),
                draft.probe(),
                draft.place(),
                draft.sentence(),
                draft.causes(),
                List.copyOf(slice.values()));
    }

    private CheckResult result(Check check, String incomplete, Map<Long, Event> events) {
        String missing = missing(check.info());
        boolean undecided = !missing.isEmpty() && mayHaveOccurred();
        // What a check has seen without all that it needs was derived by the source: it is neither a pass nor a
        // finding.
        long exercised = undecided ? 0 : check.exercisedCount();
        long findingsCount = undecided ? 0 : check.findingsCount();
        List<Finding> findings = new ArrayList<>();
        if (!undecided) {
            check.drafts().forEach(draft -> findings.add(finding(check.info().id(), draft, events)));
        }
        Verdict verdict = findingsCount > 0 ? Verdict.FAIL : Verdict.PASS;
        String reason = "";
        if (findingsCount == 0) {
            reason = state().lossy() ? "events were lost" : incomplete.isEmpty() && undecided ? missing : incomplete;
            verdict = reason.isEmpty() ? verdict : Verdict.UNKNOWN;
            if (reason.isEmpty() && exercised == 0) {
                verdict = Verdict.NOT_EXERCISED;
                reason = "the situation it judges did not occur";
            }
        }
        return new CheckResult(check.info(), verdict, reason, exercised, findingsCount, findings);
    }

    /** Without a single int3 no claim about probes can have been violated; without trap events nobody knows. */
    private boolean mayHaveOccurred() {
        return state().kernelBreakpoints() > 0
                || !state().guest().tables().delivers().contains(EventKind.TRAP_ENTRY);
    }

    private String missing(CheckInfo info) {
        List<String> parts = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            if (info.needsKinds().contains(kind)
                    && !state().guest().tables().delivers().contains(kind)) {
                parts.add("the source does not deliver " + kind.label());
            }
        }
        for (Role role : Role.values()) {
            if (info.needsRoles().contains(role) && !state().guest().declares(role)) {
                parts.add("the guest does not declare " + role.generic());
            }
        }
        return String.join("; ", parts);
    }
}
