package trapline.record;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import trapline.cli.ExitCode;
import trapline.cli.ToolCommand;
import trapline.scenario.Catalogue;
import trapline.scenario.Codes;
import trapline.scenario.GuestPart;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;

/** {@code trapline scenarios}. */
@Command(name = "scenarios", description = "List the scenarios of the catalogue.")
final class ScenariosCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;

    /** One scenario, in short. */
    record Row(String name, List<String> codes, String title, String flow, String workload, int cpus, String expect) {}

    @Override
    protected ExitCode execute() {
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

    private static String name(@Nullable GuestPart part) {
        return part == null ? "" : part.name();
    }
}
