package trapline.review;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import trapline.diff.Code;
import trapline.explore.Outcome;
import trapline.explore.Sweep;

/** Compares the windows of two handlers by the phases that they are in. */
final class Windows {

    private Windows() {}

    /** One instruction in one phase at which a stimulus makes a check fail. */
    private record Hole(Failure failure, long phase, long address, Sweep.Trial trial, String sentence) {}

    /** What a stimulus makes fail. */
    private record Failure(String stimulus, String check, String probe) {}

    private record Place(String stimulus, String line) {}

    /**
     * What one of them has and the other has not.
     *
     * @param scenario whose sweeps they are
     * @param has the one
     * @param lacks the other
     * @param opened whether the one is the new handler
     */
    static List<WindowShift> shifts(String scenario, Sweep.Result has, Sweep.Result lacks, boolean opened) {
        Set<Long> phases = phases(lacks);
        Set<Object> open = new HashSet<>();
        for (Hole hole : holes(lacks)) {
            open.add(hole.failure());
            open.add(List.of(hole.failure(), hole.phase()));
        }
        Map<Place, List<Hole>> shifts = new LinkedHashMap<>();
        for (Hole hole : holes(has)) {
            Object key = phases.contains(hole.phase()) ? List.of(hole.failure(), hole.phase()) : hole.failure();
            if (!open.contains(key)) {
                Code.Instruction at = has.code().instructions().get(hole.address());
                String line = at == null ? "" : at.source();
                shifts.computeIfAbsent(new Place(hole.failure().stimulus(), line), p -> new ArrayList<>())
                        .add(hole);
            }
        }
        List<WindowShift> all = new ArrayList<>();
        shifts.forEach((place, holes) -> all.add(shift(scenario, place, holes, opened)));
        return all;
    }

    private static WindowShift shift(String scenario, Place place, List<Hole> holes, boolean opened) {
        Hole first = holes.get(0);
        int instructions = (int) holes.stream().map(Hole::address).distinct().count();
        return new WindowShift(
                opened,
                place.stimulus(),
                holes.stream().map(hole -> hole.failure().check()).distinct().toList(),
                place.line(),
                instructions,
                scenario,
                1,
                first.trial().step(),
                first.sentence());
    }

    private static Set<Long> phases(Sweep.Result result) {
        Set<Long> phases = new HashSet<>();
        result.trials()
                .values()
                .forEach(lists -> lists.forEach(trials -> trials.forEach(trial -> phases.add(trial.phase()))));
        return phases;
    }

    private static List<Hole> holes(Sweep.Result result) {
        List<Hole> holes = new ArrayList<>();
        result.trials().forEach((address, lists) -> {
            for (int i = 0; i < lists.size(); i++) {
                String stimulus = result.stimuli().get(i).name();
                for (Sweep.Trial trial : lists.get(i)) {
                    for (Outcome.Failure wrong : trial.wrong()) {
                        Failure failure = new Failure(stimulus, wrong.check(), wrong.probe());
                        holes.add(new Hole(failure, trial.phase(), address, trial, wrong.sentence()));
                    }
                }
            }
        });
        return holes;
    }

    /** The same windows as several scenarios show them, once. */
    static List<WindowShift> merged(List<WindowShift> shifts) {
        Map<List<Object>, WindowShift> merged = new LinkedHashMap<>();
        for (WindowShift shift : shifts) {
            merged.merge(
                    List.of(shift.opened(), shift.stimulus(), shift.line()),
                    shift,
                    (a, b) -> new WindowShift(
                            a.opened(),
                            a.stimulus(),
                            Stream.concat(a.checks().stream(), b.checks().stream())
                                    .distinct()
                                    .toList(),
                            a.line(),
                            Math.max(a.instructions(), b.instructions()),
                            a.scenario(),
                            a.scenarios() + 1,
                            a.step(),
                            a.sentence()));
        }
        return List.copyOf(merged.values());
    }
}
