package trapline.record;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.function.LongConsumer;
import trapline.cli.ExitCode;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.explore.FlowCode;
import trapline.explore.Stimulus;
import trapline.explore.Sweep;
import trapline.explore.Variant;
import trapline.guest.GuestException;
import trapline.recording.GuestBuild;
import trapline.recording.GuestCode;
import trapline.recording.GuestCompiler;
import trapline.recording.Recording;
import trapline.scenario.Catalogue;
import trapline.scenario.GuestPart;
import trapline.scenario.Scenario;
import trapline.schedule.Point;
import trapline.schedule.UnresolvedPointException;

/** A scenario made ready for the engines that run it again and again. */
final class Swept {

    private Swept() {}

    /** The scenario without its own schedule and injections, the CPUs that it starts held back. */
    static Scenario bare(Scenario scenario, GuestBuild guest) {
        boolean holds = guest.image().symbols().find(Variant.WORKLOAD_CPU) != null;
        List<Point> points = holds ? Variant.holds(scenario) : List.of();
        return Variant.of(scenario, scenario.name(), points, "");
    }

    static GuestBuild build(Scenario scenario, PrintStream err) {
        try {
            return GuestBuild.of(scenario);
        } catch (GuestCompiler.Refused e) {
            err.print(e.output());
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        } catch (GuestException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    static Recording prepare(Scenario scenario, GuestBuild guest) {
        try {
            return Recording.prepare(scenario, guest, "trapline " + ToolVersion.TOOL, true);
        } catch (GuestException | UnresolvedPointException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    /** Where the handler is in a guest, and its C. */
    static FlowCode code(Scenario scenario, GuestBuild guest) {
        GuestPart flow = scenario.flow();
        if (flow == null) {
            throw new UserError(
                    ExitCode.USAGE, scenario.name() + ": runs an executable; windows need a flow and a workload");
        }
        FlowCode code = FlowCode.of(flow.name(), guest.image().symbols(), GuestCode.of(guest), source(flow));
        if (code.instructions().isEmpty()) {
            throw new UserError(
                    ExitCode.UNREADABLE,
                    flow.name() + ": its object has no line table (gcc -g1 -gdwarf-4), so its handler cannot be told");
        }
        return code;
    }

    /** The C of a flow; empty where only its object is at hand. */
    static String source(GuestPart flow) {
        try {
            if (flow.file() != null) {
                return flow.isSource() ? Files.readString(flow.file()) : "";
            }
            byte[] bytes = Catalogue.find("guest/flows/" + flow.name() + ".c");
            return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Sweeps one flow. */
    static Sweep.Result sweep(
            Scenario scenario, List<Stimulus> stimuli, List<String> checks, PrintStream err, LongConsumer progress) {
        GuestBuild guest = build(scenario, err);
        Recording recording = prepare(bare(scenario, guest), guest);
        return new Sweep(recording, code(scenario, guest), stimuli, checks, Sweep.Reach.ALL).run(progress);
    }
}
