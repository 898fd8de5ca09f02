package trapline.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.recording.LinuxBuild;
import trapline.recording.Recording;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;

/** {@code trapline snapshot}. */
@Command(
        name = "snapshot",
        description = "Boot a Linux kernel up to a place and keep the machine as it is there: "
                + "'trapline record --from-state FILE' goes on from it, as often as you like.",
        footer = {
            "",
            "What is recorded from a state is what would have been recorded after booting, bit for bit. "
                    + "A state is of one version of the machine, and is refused by another."
        })
final class SnapshotCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "A scenario file with a 'linux' part.")
    private @Nullable String scenarioName;

    @Option(
            names = "--at",
            paramLabel = "PLACE",
            defaultValue = "first-probe",
            description = "A symbol of the kernel, symbol+offset, an address, or first-probe (the default).")
    private String place = "first-probe";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            defaultValue = "boot.state",
            description = "State to be written; default boot.state here.")
    private Path output = Path.of("boot.state");

    @Option(names = "--force", description = "Replace a file that exists.")
    private boolean force;

    @Option(
            names = "--symbols",
            paramLabel = "FILE",
            description = "The kernel's symbols (System.map, kallsyms); default: those that it has in itself.")
    private @Nullable Path symbols;

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Mixin
    private LinuxOptions linux = new LinuxOptions();

    @Override
    protected ExitCode execute() throws IOException {
        Path kernel = linux.kernel();
        if ((scenarioName == null) == (kernel == null)) {
            throw new UserError(ExitCode.USAGE, "snapshot needs a SCENARIO or --linux KERNEL, one of them");
        }
        Outputs.requireParent(output);
        if (Files.exists(output, LinkOption.NOFOLLOW_LINKS) && !force) {
            throw new UserError(
                    ExitCode.USAGE, output + ": exists already; remove it, name another with -o, or use --force");
        }
        Overrides overrides = linux.addTo(Runs.overrides(options), symbols).add("--at", "linux.record-from", place);
        Scenario scenario = kernel != null
                ? Runs.linux(kernel, overrides, err())
                : Runs.scenario(String.valueOf(scenarioName), overrides, err());
        if (scenario.linux() == null) {
            throw new UserError(ExitCode.USAGE, scenarioName + ": has no 'linux' part: only kernels take long to boot");
        }
        Recording recording = Runs.prepare(scenario, false, err());
        recording.onConsole(c -> {
            err().print(LinuxBuild.harmless(c));
            err().flush();
        });
        return Runs.interruptibly(recording, err(), () -> snapshot(recording));
    }

    private ExitCode snapshot(Recording recording) throws IOException {
        Runs.advance(recording).forEach(this::complain);
        recording.writeState(output);
        if (json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("state", output.toString());
            document.put("step", recording.step());
            document.put("bytes", Files.size(output));
            printJson(SCHEMA_VERSION, document);
        } else {
            err().println(String.format(
                    Locale.ROOT, "%s: %,d bytes, %s at step %,d", output, Files.size(output), place, recording.step()));
        }
        return ExitCode.CLEAN;
    }
}
