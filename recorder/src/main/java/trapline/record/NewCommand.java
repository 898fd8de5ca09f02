package trapline.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.cli.WholeOutput;
import trapline.scenario.Catalogue;
import trapline.text.Nearest;

/** {@code trapline new}: a file to start from. */
@Command(
        name = "new",
        description = "Write a flow, workload or scenario to start from, a copy of one of the catalogue.")
final class NewCommand extends ToolCommand {

    /** What can be made. */
    enum Part {
        flow("guest/flows", ".c", "linux-2.6.24"),
        workload("guest/workloads", ".c", "plain-probe"),
        scenario("scenarios", ".yaml", "plain-probe");

        private final String folder;
        private final String ending;
        private final String usual;

        Part(String folder, String ending, String usual) {
            this.folder = folder;
            this.ending = ending;
            this.usual = usual;
        }

        List<String> names() {
            return Catalogue.names(folder, this == scenario ? ending : ".o");
        }
    }

    @Parameters(index = "0", paramLabel = "PART", description = "flow, workload or scenario.")
    private Part part = Part.flow;

    @Parameters(index = "1", paramLabel = "NAME", description = "The new file's name, without its ending.")
    private String name = "";

    @Option(
            names = "--from",
            paramLabel = "NAME",
            description = "What of the catalogue to start from. Default: linux-2.6.24, or plain-probe.")
    private @Nullable String from;

    @Option(names = "--force", description = "Replace a file that exists.")
    private boolean force;

    record Document(String file, String from) {}

    @Override
    protected ExitCode execute() {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._+-]*")) {
            throw new UserError(ExitCode.USAGE, "new: '" + name + "': a name has letters, digits and ._+- only");
        }
        String base = from == null ? part.usual : from;
        byte[] content = Catalogue.find(part.folder + "/" + base + part.ending);
        if (content == null) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--from: no " + part + " '" + base + "' in the catalogue" + Nearest.hint(base, part.names()));
        }
        Path file = Path.of(name + part.ending);
        Outputs.requireNew(file, force);
        byte[] text = part == Part.scenario ? renamed(content) : content;
        writing(file, () -> WholeOutput.write(file, partial -> Files.write(partial, text)));
        if (json()) {
            printJson(1, new Document(file.toString(), base));
        } else {
            err().println(file + ": a copy of " + base + "; try: trapline " + next(file));
        }
        return ExitCode.CLEAN;
    }

    /** A scenario carries its name; the codes of the one that it comes from are not its own. */
    private byte[] renamed(byte[] yaml) {
        return new String(yaml, UTF_8)
                .replaceFirst("(?m)^name:.*$", "name: " + name)
                .replaceFirst("(?m)^covers:.*\\R", "")
                .getBytes(UTF_8);
    }

    private String next(Path file) {
        return switch (part) {
            case flow -> "record nmi-during-step --flow " + file + " --check";
            case workload -> "record plain-probe --workload " + file + " --check";
            case scenario -> "record " + file + " --check";
        };
    }
}
