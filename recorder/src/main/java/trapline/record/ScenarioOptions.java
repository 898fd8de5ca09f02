package trapline.record;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import trapline.scenario.Overrides;

/** The options that change a scenario, for every command that runs one. */
final class ScenarioOptions {

    @Option(
            names = "--flow",
            completionCandidates = CatalogueNames.Flows.class,
            paramLabel = "F",
            description = "Handler flow: a catalogue name, or a .c or .o file.")
    private @Nullable String flow;

    @Option(
            names = "--workload",
            completionCandidates = CatalogueNames.Workloads.class,
            paramLabel = "W",
            description = "Workload: a catalogue name, or a .c or .o file.")
    private @Nullable String workload;

    @Option(
            names = "--runtime",
            paramLabel = "R",
            description = "A .c or .o file whose functions replace those of the guest's runtime, or the folder of a "
                    + "whole runtime.")
    private @Nullable String runtime;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of a random or pct schedule.")
    private @Nullable Long seed;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "RAM in MiB, or with a unit: 64M, 1G. Default: what the scenario says.")
    private @Nullable String memory;

    @Option(names = "--cpus", paramLabel = "N", description = "Number of CPUs, 1 to 8.")
    private @Nullable Integer cpus;

    @Option(
            names = "--set",
            completionCandidates = CatalogueNames.Keys.class,
            paramLabel = "K=V",
            description = "Any other value of the scenario, such as schedule.quantum=50 or variables.rounds=1000.")
    private List<String> assignments = new ArrayList<>();

    @Nullable String flow() {
        return part(flow);
    }

    /** The overrides, without the flow where a command has its own idea of flows. */
    Overrides overrides() {
        Overrides overrides = new Overrides()
                .add("--flow", "flow", part(flow))
                .add("--workload", "workload", part(workload))
                .add("--runtime", "runtime", part(runtime))
                .add("--seed", "schedule.seed", seed)
                .add("--cpus", "cpus", cpus)
                .add("--memory", "memory", memory);
        assignments.forEach(overrides::set);
        return overrides;
    }

    /** A bare name that is a file here and has the ending of one is that file. */
    private static @Nullable String part(@Nullable String value) {
        return value != null && value.matches("[^/]+\\.[co]") && Files.exists(Path.of(value)) ? "./" + value : value;
    }
}
