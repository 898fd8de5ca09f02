package trapline.review;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import trapline.explore.FlowCode;
import trapline.explore.Judged;
import trapline.explore.Outcome;
import trapline.explore.Stimulus;
import trapline.explore.Sweep;
import trapline.explore.Variant;
import trapline.explore.WindowMap;
import trapline.guest.GuestException;
import trapline.latency.LatencyTable;
import trapline.recording.GuestBuild;
import trapline.recording.GuestCode;
import trapline.recording.GuestCompiler;
import trapline.recording.Recording;
import trapline.scenario.Scenario;
import trapline.schedule.Point;
import trapline.schedule.UnresolvedPointException;

/**
 * Runs all of a review. Runs are independent of each other, so they use several threads; results are in the order of the
 * scenarios whatever the threads do.
 */
public final class Review {

    /** A run without a schedule that is longer is not swept: each instruction would cost as much again. */
    private static final long SWEEP_STEPS_MAX = 100_000;

    /** The scenario whose latencies say most: a probe that nothing disturbs. */
    private static final String PLAIN = "plain-probe";

    private final Options options;
    private final Runnable progress;
    private final Map<String, WindowMap> maps = new LinkedHashMap<>();

    /**
     * What is asked for.
     *
     * @param base the old handler
     * @param now the new one
     * @param stimuli of the window sweeps; none: no sweeps
     * @param tool name and version, for journals
     * @param again how often a finding is run again
     * @param folder where journals go
     * @param kept whether they stay there
     * @param threads how many runs at a time
     */
    public record Options(
            Side base,
            Side now,
            List<Stimulus> stimuli,
            String tool,
            int again,
            Path folder,
            boolean kept,
            int threads) {}

    /**
     * A scenario under both handlers.
     *
     * @param before with the old one
     * @param after with the new one
     */
    public record Pair(Scenario before, Scenario after) {}

    /**
     * Prepares one.
     *
     * @param progress is called after each scenario and each sweep, from any thread
     */
    public Review(Options options, Runnable progress) {
        this.options = options;
        this.progress = progress;
    }

    /** The windows of each swept scenario in which they shifted, after {@link #run}, by its name. */
    public Map<String, WindowMap> maps() {
        return new LinkedHashMap<>(maps);
    }

    /** What one scenario came to. */
    private record Ran(Row row, List<Report.LatencyShift> latencies) {
        boolean alike() {
            return row.judged() && row.worse().isEmpty() && row.better().isEmpty();
        }
    }

    /** Windows of one scenario. */
    private record Swept(
            String name,
            List<WindowShift> shifts,
            boolean tooLong,
            long runs,
            @Nullable WindowMap map) {
        static final Swept NONE = new Swept("", List.of(), false, 0, null);
    }

    /**
     * Runs it all.
     *
     * @throws IOException if a journal cannot be written
     * @throws InterruptedException if it is cut short
     */
    public Report run(List<Pair> pairs) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(options.threads());
        try {
            List<Ran> ran = all(pool, pairs.stream().map(this::scenario).toList());
            List<Callable<Swept>> sweeps = options.stimuli().isEmpty()
                    ? List.of()
                    : bare(pairs).stream().map(this::sweep).toList();
            List<Swept> swept = all(pool, sweeps);
            List<Row> rows = ran.stream().map(Ran::row).toList();
            List<WindowShift> shifts = new ArrayList<>();
            for (Swept sweep : swept) {
                shifts.addAll(sweep.shifts());
                if (sweep.map() != null && !sweep.shifts().isEmpty()) {
                    maps.put(sweep.name(), sweep.map());
                }
            }
            return new Report(
                    options.base(),
                    options.now(),
                    rows,
                    findings(rows),
                    Windows.merged(shifts),
                    latencies(ran),
                    new Report.Swept(
                            options.stimuli().stream().map(Stimulus::name).toList(),
                            (int) swept.stream()
                                    .filter(s -> s.runs() > 0 && !s.tooLong())
                                    .count(),
                            (int) swept.stream().filter(Swept::tooLong).count(),
                            swept.stream().mapToLong(Swept::runs).sum()));
        } finally {
            pool.shutdownNow();
        }
    }

    private static <T> List<T> all(ExecutorService pool, List<Callable<T>> tasks) throws InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> future : pool.invokeAll(tasks)) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a run failed: " + e.getCause(), e.getCause());
            }
        }
        return results;
    }

    private Callable<Ran> scenario(Pair pair) {
        return () -> {
            LatencyTable before = new LatencyTable();
            LatencyTable after = new LatencyTable();
            Row row;
            try {
                row = row(pair, once(pair.before(), before), once(pair.after(), after), "");
            } catch (GuestException | GuestCompiler.Refused | UnresolvedPointException e) {
                row = row(pair, null, null, String.valueOf(e.getMessage()));
            }
            progress.run();
            return new Ran(row, LatencyShifts.of(row.name(), before, after));
        };
    }

    private static Row row(Pair pair, @Nullable Outcome old, @Nullable Outcome now, String trouble) {
        Scenario scenario = pair.after();
        return new Row(scenario.name(), scenario.title(), pair.before(), scenario, old, now, trouble);
    }

    private Outcome once(Scenario scenario, LatencyTable table)
            throws GuestException, GuestCompiler.Refused, UnresolvedPointException {
        Recording recording = Recording.prepare(scenario, options.tool(), true);
        return Judged.once(recording, table.listeners(recording.header().textTables(), "", scenario.name()));
    }

    /** Scenarios that differ in nothing but their schedule and injections are one without them. */
    private static List<Pair> bare(List<Pair> pairs) {
        Map<List<Object>, Pair> distinct = new LinkedHashMap<>();
        for (Pair pair : pairs) {
            Scenario s = pair.after();
            if (s.flow() != null && s.workload() != null) {
                distinct.putIfAbsent(
                        List.of(
                                String.valueOf(s.workload()),
                                String.valueOf(s.runtime()),
                                s.cpus(),
                                s.memoryMib(),
                                s.variables()),
                        pair);
            }
        }
        return List.copyOf(distinct.values());
    }

    private Callable<Swept> sweep(Pair pair) {
        return () -> {
            try {
                Sweep.Result old = sweep(pair.before(), options.base());
                Sweep.Result now = sweep(pair.after(), options.now());
                String name = pair.after().name();
                long runs = (long) old.runs() + now.runs();
                boolean tooLong = Math.max(old.base().steps(), now.base().steps()) > SWEEP_STEPS_MAX;
                List<WindowShift> shifts = new ArrayList<>();
                if (!tooLong) {
                    shifts.addAll(Windows.shifts(name, now, old, true));
                    shifts.addAll(Windows.shifts(name, old, now, false));
                }
                return new Swept(name, shifts, tooLong, runs, shifts.isEmpty() ? null : WindowMap.of(old, now));
            } catch (GuestException | GuestCompiler.Refused | UnresolvedPointException e) {
                return Swept.NONE; // its row says so
            } finally {
                progress.run();
            }
        };
    }

    private Sweep.Result sweep(Scenario scenario, Side side)
            throws GuestException, GuestCompiler.Refused, UnresolvedPointException {
        GuestBuild guest = GuestBuild.of(scenario);
        boolean holds = guest.image().symbols().find(Variant.WORKLOAD_CPU) != null;
        List<Point> points = holds ? Variant.holds(scenario) : List.of();
        Scenario bare = Variant.of(scenario, scenario.name(), points, "");
        FlowCode code = FlowCode.of(side.name(), guest.image().symbols(), GuestCode.of(guest), side.source());
        Recording recording = Recording.prepare(bare, guest, options.tool(), true);
        Sweep.Reach reach = new Sweep.Reach(false, SWEEP_STEPS_MAX);
        return new Sweep(recording, code, options.stimuli(), List.of(), reach).run(runs -> {});
    }

    private List<Finding> findings(List<Row> rows) throws IOException {
        Map<String, List<Row>> causes = new LinkedHashMap<>();
        Map<String, Evidence> evidence = new LinkedHashMap<>();
        List<Row> worse = rows.stream()
                .filter(row -> !row.worse().isEmpty())
                .sorted(Comparator.comparingLong(Review::steps))
                .toList();
        for (Row row : worse) {
            Evidence found = Evidence.of(row, options);
            String cause = found.line() + " " + row.worse().get(0).check();
            causes.computeIfAbsent(cause, c -> new ArrayList<>()).add(row);
            evidence.putIfAbsent(cause, found);
        }
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, List<Row>> cause : causes.entrySet()) {
            Evidence found = evidence.get(cause.getKey());
            if (found != null) {
                findings.add(found.finding(cause.getValue()));
            }
        }
        findings.sort(Comparator.comparingInt((Finding f) -> -f.scenarios().size()));
        return findings;
    }

    private static long steps(Row row) {
        Outcome now = row.now();
        return now == null ? Long.MAX_VALUE : now.steps();
    }

    /** Of one scenario: the plainest, or the first that goes as before. */
    private static List<Report.LatencyShift> latencies(List<Ran> ran) {
        List<Ran> alike = ran.stream().filter(Ran::alike).toList();
        return alike.stream()
                .filter(r -> r.row().name().equals(PLAIN))
                .findFirst()
                .or(() -> alike.stream().findFirst())
                .map(Ran::latencies)
                .orElse(List.of());
    }
}
