package trapline.record;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import trapline.cli.ExitCode;
import trapline.cli.ToolCommand;
import trapline.scenario.Catalogue;

/** {@code trapline flows}. */
@Command(name = "flows", description = "List the handler flows of the catalogue.")
final class FlowsCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;

    /** One flow: its name and what its source says it is. */
    record Flow(String name, String title) {}

    @Override
    protected ExitCode execute() {
        List<Flow> flows = Catalogue.names("guest/flows", ".o").stream()
                .map(name -> new Flow(name, title(name)))
                .toList();
        if (json()) {
            printJson(SCHEMA_VERSION, Map.of("flows", flows));
        } else {
            Listing.print(console(), flows, Flow::name, Flow::title);
        }
        return ExitCode.CLEAN;
    }

    /** The comment that a source begins with. */
    private static String title(String flow) {
        byte[] bytes = Catalogue.find("guest/flows/" + flow + ".c");
        String source = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        int end = source.indexOf("*/");
        return source.startsWith("/*") && end > 0
                ? source.substring(2, end).replaceAll("\\s*\\n \\*?\\s*", " ").strip()
                : "";
    }
}
