package trapline.recording;

import java.util.List;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Halt;
import trapline.events.EventKind;
import trapline.events.HaltReason;
import trapline.guest.GuestImage;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Snapshot;
import trapline.scenario.Scenario;
import trapline.schedule.Director;
import trapline.schedule.DirectorState;

/**
 * A run that can be taken back: it goes on from any state that was saved, as if it had never gone further. What listens
 * to it is not taken back here; whoever saves the run saves that too.
 */
public final class LiveRun {

    private final Scenario scenario;
    private final GuestImage image;
    private final Machine machine;
    private final Director director;
    private final TapeEvents listener;
    private final HitWatch hits;
    private final EventConsumer out;
    private long ordinal;

    /**
     * A state of a run. Immutable; states of one run share what is the same in them.
     *
     * @param machine the machine's
     * @param director the points' and the scheduler's
     * @param eflags the listener's: EFLAGS and open traps of each CPU by the events so far
     * @param hits the probe hits that it follows
     * @param ordinal of the next event
     */
    public record State(Snapshot machine, DirectorState director, List<Integer> eflags, Object hits, long ordinal) {
        /** Instructions retired. */
        public long step() {
            return machine.step();
        }
    }

    /**
     * Prepares the run; nobody else may use these.
     *
     * @param listener gets every event, numbered
     */
    LiveRun(Scenario scenario, GuestImage image, Machine machine, Director director, EventConsumer listener) {
        this.scenario = scenario;
        this.image = image;
        this.machine = machine;
        this.director = director;
        this.out = event -> listener.accept(event.ordinal(ordinal++));
        ObservationMap map = new ObservationMap(image.observed());
        EventConsumer watched = director.watchesEvents() ? this::both : out;
        this.hits = new HitWatch(machine, map.hitRoles(), new HitReport(machine, watched));
        this.listener = new TapeEvents(machine.cpuCount(), map, TapeEvents.Writes.ALL_AT_ONCE, hits, watched);
        machine.observe(this.listener, map.observation());
    }

    private void both(Event event) {
        out.accept(event);
        director.accept(event);
    }

    /** The machine, to be looked at. */
    public Machine machine() {
        return machine;
    }

    /** Who does what the scenario asks for. */
    public Director director() {
        return director;
    }

    /**
     * Runs on.
     *
     * @param stopAt the step at which to pause; {@link Long#MAX_VALUE} for never
     * @return why it paused or ended
     */
    public RunResult run(long stopAt) {
        return director.run(scenario.instructionsMax(), stopAt);
    }

    /** Whether a result is the end of the run: of the guest, or of what the scenario lets it do. */
    public boolean isEnd(RunResult result) {
        return RunEnd.isEnd(result, scenario.instructionsMax()) || machine.repeatsAreSpent();
    }

    /** Tells how the run ended: the last event of the stream. */
    public Recording.End end(RunResult result) {
        HaltReason reason = RunEnd.reason(result.reason());
        String detail = RunEnd.detail(result, image.symbols());
        long exitCode = result.exitCode() & 0xffff_ffffL;
        out.accept(new Event()
                .begin(EventKind.HALT, result.step(), Math.max(0, result.cpu()), result.eip() & 0xffff_ffffL)
                .text(detail)
                .set(Halt.REASON, reason.code())
                .set(Halt.CODE, exitCode));
        return new Recording.End(reason, exitCode, detail, result.step(), 0);
    }

    /** The state now. */
    public State save() {
        return new State(machine.capture(), director.save(), listener.save(), hits.save(), ordinal);
    }

    /** Goes back, or on, to a state of this run or of one prepared in the same way. */
    public void restore(State state) {
        machine.restore(state.machine());
        director.restore(state.director());
        listener.restore(state.eflags());
        hits.restore((HitWatch.Memory) state.hits());
        ordinal = state.ordinal();
    }
}
