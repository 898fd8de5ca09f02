package trapline.record;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import trapline.cli.ExitCode;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.scenario.Catalogue;
import trapline.scenario.Codes;
import trapline.text.Nearest;

/** {@code trapline flows}. */
@Command(name = "flows", description = "List the handler flows of the catalogue, or print the C of one.")
final class FlowsCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;

    /** One flow: its name and what its source says it is. */
    record Flow(String name, String code, String title) {}

    @Option(names = "--source", paramLabel = "NAME", description = "Print the C of this flow.")
    private @Nullable String source;

    @Override
    protected ExitCode execute() {
        if (source != null) {
            return print(source);
        }
        List<Flow> flows = Catalogue.names("guest/flows", ".o").stream()
                .map(name -> new Flow(name, Codes.ofFlow(name), title(name)))
                .toList();
        if (json()) {
            printJson(SCHEMA_VERSION, Map.of("flows", flows));
        } else {
            Listing.print(console(), flows, Flow::name, Flow::title);
        }
        return ExitCode.CLEAN;
    }

    private ExitCode print(String flow) {
        String text = source(flow);
        if (text.isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--source: no flow '" + flow + "' in the catalogue"
                            + Nearest.hint(flow, Catalogue.names("guest/flows", ".o"))
                            + " (trapline flows lists them)");
        }
        console().out().print(text);
        return ExitCode.CLEAN;
    }

    private static String source(String flow) {
        byte[] bytes = Catalogue.find("guest/flows/" + flow + ".c");
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** The comment that a source begins with. */
    private static String title(String flow) {
        String source = source(flow);
        int end = source.indexOf("*/");
        return source.startsWith("/*") && end > 0
                ? source.substring(2, end).replaceAll("\\s*\\n \\*?\\s*", " ").strip()
                : "";
    }
}
