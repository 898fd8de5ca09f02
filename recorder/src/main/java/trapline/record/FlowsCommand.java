package trapline.record;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import trapline.text.Nearest;

/** {@code trapline flows}. */
@Command(
        name = "flows",
        description = "List the handler flows of the catalogue in the order of history, or print what is known of one.")
final class FlowsCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;
    private static final Pattern VERSION = Pattern.compile("linux-(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

    /** One flow: its name and what its source says it is. */
    record Flow(String name, String code, String title) {}

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            completionCandidates = CatalogueNames.Flows.class,
            description = "The flow to print.")
    private @Nullable String name;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            completionCandidates = CatalogueNames.Flows.class,
            description = "Print the C of this flow.")
    private @Nullable String source;

    /** Where a flow stands in history: what was proposed came after 2.6.24, what was merged of it is of 2.6.25. */
    private static final Comparator<String> HISTORY = Comparator.<String, String>comparing(FlowsCommand::age)
            .thenComparingInt(
                    flow -> List.of("patch-2008-01-01", "review-a", "review-b").indexOf(flow))
            .thenComparing(flow -> !flow.contains("-merge"))
            .thenComparing(Comparator.naturalOrder());

    @Override
    protected boolean paged() {
        return true;
    }

    @Override
    protected ExitCode execute() {
        if (source != null) {
            return print(source);
        }
        if (name != null) {
            return one(name);
        }
        List<Flow> flows = Catalogue.names("guest/flows", ".o").stream()
                .sorted(HISTORY)
                .map(FlowsCommand::flow)
                .toList();
        if (json()) {
            printJson(SCHEMA_VERSION, Map.of("flows", flows));
        } else {
            Listing.print(console(), flows, Flow::name, Flow::title);
        }
        return ExitCode.CLEAN;
    }

    private static Flow flow(String name) {
        return new Flow(name, Codes.ofFlow(name), title(name));
    }

    /** Sorts as the versions do. */
    private static String age(String flow) {
        Matcher version = VERSION.matcher(flow);
        return version.find()
                ? String.format(
                        "%03d.%03d.%03d",
                        Integer.parseInt(version.group(1)),
                        Integer.parseInt(version.group(2)),
                        version.group(3) == null ? 0 : Integer.parseInt(version.group(3)))
                : "002.006.024~"; // the proposals of January 2008
    }

    private ExitCode one(String flow) {
        requireFlow("flows", flow);
        Flow row = flow(flow);
        if (json()) {
            printJson(SCHEMA_VERSION, row);
            return ExitCode.CLEAN;
        }
        out().println(new Ink(console()).bold(row.name()));
        Words.wrap(row.title(), console().columns(), "  ").forEach(out()::println);
        out().println();
        out().println("  its C    trapline flows --source " + flow);
        out().println("  edit it  trapline new flow my-patch --from " + flow);
        out().println("  run it   trapline record plain-probe --flow " + flow + " --check");
        return ExitCode.CLEAN;
    }

    private static void requireFlow(String where, String flow) {
        if (source(flow).isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE,
                    where + ": no flow '" + flow + "' in the catalogue"
                            + Nearest.hint(flow, Catalogue.names("guest/flows", ".o"))
                            + " (trapline flows lists them)");
        }
    }

    private ExitCode print(String flow) {
        requireFlow("--source", flow);
        console().out().print(source(flow));
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
