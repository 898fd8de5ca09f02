package trapline.explore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import trapline.machine.Machine;
import trapline.recording.Recording;

/**
 * Each stimulus at every instruction of a handler, at every time that control comes there: a run each, from the captured
 * moment on. The run without any stimulus is the measure: what is wrong there too is not the stimulus's doing.
 */
public final class Sweep {

    /**
     * One stimulus at one moment.
     *
     * @param step at which it came
     * @param cpu that was about to execute the instruction
     * @param phase how far that CPU had come in the life of a probe; only to be compared with others
     * @param impossible why it could not come there; empty if it could
     * @param wrong what went wrong that does not go wrong without it
     */
    public record Trial(long step, int cpu, long phase, String impossible, List<Outcome.Failure> wrong) {}

    /**
     * All of it.
     *
     * @param code the handler's
     * @param stimuli in the order of the command line
     * @param base the run without a stimulus
     * @param trials by address of the instruction, then for each stimulus its trials; an instruction that control never
     *     came to has none
     * @param runs how many were executed, the base included
     */
    public record Result(
            FlowCode code, List<Stimulus> stimuli, Outcome base, Map<Long, List<List<Trial>>> trials, int runs) {}

    /**
     * How much is tried.
     *
     * @param all every moment; if not, the first of those at one instruction in one phase of a probe's life
     * @param stepsMax a run that takes more instructions than that without any stimulus is left alone
     */
    public record Reach(boolean all, long stepsMax) {
        /** Everything. */
        public static final Reach ALL = new Reach(true, Long.MAX_VALUE);
    }

    private final FlowCode code;
    private final List<Stimulus> stimuli;
    private final Session session;
    private final Map<Long, List<List<Trial>>> trials = new LinkedHashMap<>();
    private final Set<Moment> met = new HashSet<>();
    private final Reach reach;
    private int runs = 1;

    /** Moments that are alike for all one can tell. */
    private record Moment(long address, int cpu, long phase) {}

    /**
     * Prepares one.
     *
     * @param recording of the scenario, prepared and not used otherwise
     * @param only ids of the checks to be asked; all if there are none
     * @param reach how much of it is tried
     */
    public Sweep(Recording recording, FlowCode code, List<Stimulus> stimuli, List<String> only, Reach reach) {
        this.reach = reach;
        this.code = code;
        this.stimuli = stimuli;
        this.session = new Session(recording, only);
    }

    /**
     * Runs it all.
     *
     * @param progress is told the number of runs from time to time
     */
    public Result run(LongConsumer progress) {
        Session.State start = session.save();
        Outcome base = session.finish();
        session.restore(start);
        Machine machine = session.machine();
        boolean goesOn = base.steps() <= reach.stepsMax();
        while (goesOn) {
            long at = machine.runningCpu() < 0
                    ? 0
                    : machine.cpu(machine.runningCpu()).eip() & 0xffff_ffffL;
            if (code.holds(at) && isTried(machine, at)) {
                moment(at, base);
                progress.accept(runs);
            }
            goesOn = session.step();
        }
        return new Result(code, stimuli, base, trials, runs);
    }

    private boolean isTried(Machine machine, long address) {
        int cpu = machine.runningCpu();
        return reach.all() || met.add(new Moment(address, cpu, session.phase(cpu)));
    }

    private void moment(long address, Outcome base) {
        List<List<Trial>> here = trials.computeIfAbsent(address, a -> lists(stimuli.size()));
        Session.State state = session.save();
        for (int i = 0; i < stimuli.size(); i++) {
            here.get(i).add(trial(stimuli.get(i), base, state));
        }
    }

    private static List<List<Trial>> lists(int count) {
        List<List<Trial>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private Trial trial(Stimulus stimulus, Outcome base, Session.State state) {
        Machine machine = session.machine();
        long step = machine.step();
        int cpu = machine.runningCpu();
        long phase = session.phase(cpu);
        String impossible = stimulus.impossible(machine);
        if (impossible.isEmpty()) {
            impossible = session.act(stimulus.action(machine));
        }
        if (!impossible.isEmpty()) {
            return new Trial(step, cpu, phase, impossible, List.of());
        }
        runs++;
        List<Outcome.Failure> wrong = session.finish().worseThan(base);
        session.restore(state);
        return new Trial(step, cpu, phase, "", wrong);
    }
}
