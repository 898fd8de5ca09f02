package trapline.record;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Ink;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.cli.Words;
import trapline.scenario.Catalogue;
import trapline.scenario.Codes;
import trapline.scenario.GuestPart;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;

/** {@code trapline scenarios}. */
@Command(name = "scenarios", description = "List the scenarios of the catalogue, or print all that is known of one.")
final class ScenariosCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;

    /** One scenario, in short. */
    record Row(String name, List<String> codes, String title, String flow, String workload, int cpus, String expect) {}

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            completionCandidates = CatalogueNames.Scenarios.class,
            description = "The scenario to print: a name of the catalogue, or a file.")
    private @Nullable String name;

    @Option(names = "--source", description = "Print its YAML instead, where it is of the catalogue.")
    private boolean source;

    @Override
    protected boolean paged() {
        return true;
    }

    @Override
    protected ExitCode execute() {
        if (name != null) {
            return one(name);
        }
        if (source) {
            throw new UserError(ExitCode.USAGE, "--source needs the NAME of a scenario");
        }
        List<Row> rows = Catalogue.names("scenarios", ".yaml").stream()
                .map(name -> row(Runs.scenario(name, new Overrides(), err())))
                .toList();
        if (json()) {
            printJson(SCHEMA_VERSION, Map.of("scenarios", rows));
        } else {
            Listing.print(console(), rows, Row::name, Row::title);
        }
        return ExitCode.CLEAN;
    }

    private static Row row(Scenario s) {
        return new Row(
                s.name(),
                Codes.ofScenario(s.name()),
                s.title(),
                name(s.flow()),
                name(s.workload()),
                s.cpus(),
                s.expect().strip());
    }

    private ExitCode one(String asked) {
        Scenario scenario = Runs.scenario(asked, new Overrides(), err());
        if (source) {
            byte[] yaml = Catalogue.find("scenarios/" + asked + ".yaml");
            if (yaml == null) {
                throw new UserError(ExitCode.USAGE, asked + ": is not of the catalogue, so you have its source");
            }
            out().print(new String(yaml, StandardCharsets.UTF_8));
            return ExitCode.CLEAN;
        }
        Row row = row(scenario);
        if (json()) {
            printJson(SCHEMA_VERSION, row);
            return ExitCode.CLEAN;
        }
        out().println(new Ink(console()).bold(row.name()));
        Words.wrap(row.title(), console().columns(), "  ").forEach(out()::println);
        out().println();
        field("flow", row.flow());
        field("workload", row.workload());
        field("CPUs", String.valueOf(row.cpus()));
        field("also", String.join(", ", row.codes()));
        field("expect", row.expect());
        return ExitCode.CLEAN;
    }

    private void field(String label, String value) {
        if (!value.isEmpty()) {
            Words.hang(String.format("  %-9s %s", label, value), console().columns(), " ".repeat(12))
                    .forEach(out()::println);
        }
    }

    private static String name(@Nullable GuestPart part) {
        return part == null ? "" : part.name();
    }
}
