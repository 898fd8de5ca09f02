package trapline.explore;

import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.recording.LiveRun;
import trapline.recording.Recording;
import trapline.schedule.Action;

/** A run that is judged while it runs and can be taken back to any state that was saved. */
final class Session {

    private final LiveRun run;
    private final Judge judge;
    private @Nullable RunResult end;

    /** A state of the run and of its checks. Immutable. */
    record State(LiveRun.State run, Judge.Memory judge) {}

    /**
     * A run that has not begun.
     *
     * @param recording prepared, and not used otherwise
     * @param only ids of the checks to be asked; all if there are none
     */
    Session(Recording recording, List<String> only) {
        judge = new Judge(recording.header().textTables(), only);
        run = recording.live(judge);
    }

    Machine machine() {
        return run.machine();
    }

    /** How far a CPU has come in the life of a probe. */
    long phase(int cpu) {
        return judge.phase(cpu);
    }

    /**
     * Runs on to a step.
     *
     * @return false if the run has ended before
     */
    boolean runTo(long step) {
        RunResult result = run.run(step);
        end = run.isEnd(result) ? result : null;
        return end == null;
    }

    /** One instruction, or what a boundary has in store. False if the run has ended. */
    boolean step() {
        return runTo(run.machine().step() + 1);
    }

    /** Does something to the machine here; returns why it cannot be done, or an empty text. */
    String act(Action action) {
        return run.director().act(action);
    }

    /** Runs to the end and judges; then only {@link #restore} makes sense. */
    Outcome finish() {
        RunResult result = end != null ? end : run.run(Long.MAX_VALUE);
        return judge.outcome(run.end(result));
    }

    State save() {
        return new State(run.save(), judge.save());
    }

    void restore(State state) {
        end = null;
        run.restore(state.run());
        judge.restore(state.judge());
    }
}
