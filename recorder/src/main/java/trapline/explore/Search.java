package trapline.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import trapline.machine.Machine;
import trapline.recording.Recording;
import trapline.schedule.Action;
import trapline.schedule.Point;
import trapline.schedule.Trigger;

/**
 * Every schedule with at most K preemptions, and every moment for at most one injection: depth first, each run from the
 * captured state where it parts from the one before. Leaving a CPU that waits or has halted is no preemption.
 */
public final class Search {

    /**
     * How far a search goes.
     *
     * @param preemptions at most so many in a run
     * @param reduced whether preemptions are left out that lead to nothing new; see the package page
     * @param runsMax runs after which it gives up
     */
    public record Bound(int preemptions, boolean reduced, long runsMax) {}

    /**
     * Something that goes wrong, and the run that shows it: of those with one cause, one with the fewest preemptions, of
     * these the earliest.
     *
     * @param points what was done, in order
     * @param places where that was, one for each point
     * @param wrong what goes wrong, first things first
     * @param runs how many runs show the same
     */
    public record Found(List<Point> points, List<String> places, List<Outcome.Failure> wrong, long runs) {}

    /**
     * What a search found.
     *
     * @param base the run with nothing done to it
     * @param found causes in the order in which they were met
     * @param runs how many were executed
     * @param complete whether all of the bound was searched
     */
    public record Result(Outcome base, List<Found> found, long runs, boolean complete) {}

    private final Session session;
    private final Recording recording;
    private final Touched touched;
    private final List<Stimulus> stimuli;
    private final FlowCode code;
    private final Bound bound;
    private final BooleanSupplier goesOn;

    private final Map<String, Found> found = new LinkedHashMap<>();
    private final List<Point> points = new ArrayList<>();
    private final List<String> places = new ArrayList<>();
    private long runs;
    private boolean complete = true;

    /**
     * Prepares one.
     *
     * @param recording of the scenario, prepared and not used otherwise
     * @param code the handler's: injections come at its instructions
     * @param stimuli of which a run gets at most one
     * @param only ids of the checks to be asked; all if there are none
     * @param goesOn asked before each run; false ends the search
     */
    public Search(
            Recording recording,
            FlowCode code,
            List<Stimulus> stimuli,
            List<String> only,
            Bound bound,
            BooleanSupplier goesOn) {
        this.recording = recording;
        this.session = new Session(recording, only);
        this.touched = new Touched(session.machine());
        this.stimuli = stimuli;
        this.code = code;
        this.bound = bound;
        this.goesOn = goesOn;
    }

    /** Searches all of it, again as long as a run has shown memory to be shared that was thought to be one CPU's own. */
    public Result run() {
        Session.State start = session.save();
        Outcome base = session.finish();
        session.restore(start);
        long shared;
        do {
            shared = touched.shared();
            found.clear();
            complete = true;
            search(base, bound.preemptions(), stimuli.isEmpty() ? 0 : 1);
            session.restore(start);
        } while (bound.reduced() && complete && touched.shared() > shared);
        return new Result(base, List.copyOf(found.values()), runs, complete);
    }

    /** From here to the end of the run, and at each place on the way whatever else could happen there. */
    private void search(Outcome base, int preemptions, int injections) {
        if (preemptions == 0 && injections == 0) {
            judge(base);
            return;
        }
        Machine machine = session.machine();
        boolean running = true;
        while (running && complete) {
            boolean visible = touched.next();
            if (preemptions > 0 && (visible || !bound.reduced())) {
                preempt(machine, base, preemptions, injections);
            }
            if (injections > 0 && code.holds(touched.eip())) {
                inject(machine, base, preemptions);
            }
            running = session.step();
        }
        judge(base);
    }

    private void preempt(Machine machine, Outcome base, int preemptions, int injections) {
        int running = machine.runningCpu();
        for (int i = 1; i < machine.cpuCount(); i++) {
            int cpu = (running + i) % machine.cpuCount();
            if (running >= 0 && machine.isRunnable(cpu)) {
                branch(new Action.SwitchTo(cpu), base, preemptions - 1, injections);
            }
        }
    }

    private void inject(Machine machine, Outcome base, int preemptions) {
        for (Stimulus stimulus : stimuli) {
            if (stimulus.impossible(machine).isEmpty()) {
                branch(stimulus.action(machine), base, preemptions, 0);
            }
        }
    }

    private void branch(Action action, Outcome base, int preemptions, int injections) {
        if (runs >= bound.runsMax() || !goesOn.getAsBoolean()) {
            complete = false;
        }
        if (!complete) {
            return;
        }
        Session.State here = session.save();
        long step = session.machine().step();
        places.add(recording.header().textTables().symbols().describe(touched.eip()));
        points.add(new Point(new Trigger.AtStep(step), action, "search"));
        if (session.act(action).isEmpty()) {
            search(base, preemptions, injections);
        }
        points.remove(points.size() - 1);
        places.remove(places.size() - 1);
        session.restore(here);
    }

    private void judge(Outcome base) {
        runs++;
        List<Outcome.Failure> wrong = session.finish().worseThan(base);
        if (!wrong.isEmpty()) {
            found.merge(cause(wrong.get(0)), new Found(List.copyOf(points), List.copyOf(places), wrong, 1), Search::of);
        }
    }

    /** What two runs have in common that go wrong for one reason, for all one can tell. */
    private static String cause(Outcome.Failure failure) {
        int offset = failure.place().indexOf("+0x");
        return failure.check() + " "
                + (offset < 0 ? failure.place() : failure.place().substring(0, offset)) + " " + failure.probe();
    }

    private static Found of(Found one, Found other) {
        boolean shorter = other.points().size() < one.points().size();
        Found kept = shorter ? other : one;
        return new Found(kept.points(), kept.places(), kept.wrong(), one.runs() + other.runs());
    }
}
