package trapline.record;

import trapline.cli.CommandTable;
import trapline.commands.AnalyzerCommands;
import trapline.manual.ManualPage;
import trapline.recording.GuestCode;

/** The commands of {@code trapline}: those that need the emulator, then all of the analyzer's. */
public final class RecorderCommands {
    private RecorderCommands() {}

    public static CommandTable table() {
        return new CommandTable()
                .add("tour", TourCommand::new)
                .add("record", RecordCommand::new)
                .add("snapshot", SnapshotCommand::new)
                .add("repro", ReproCommand::new)
                .add("compare", CompareCommand::new)
                .add("explore", ExploreCommand::new)
                .add("windows", WindowsCommand::new)
                .add("review", ReviewCommand::new)
                .add("flows", FlowsCommand::new)
                .add("scenarios", ScenariosCommand::new)
                .add("new", NewCommand::new)
                .addAll(AnalyzerCommands.table(GuestCode::of))
                .page(ManualPage.ofResource(
                        "scenario",
                        5,
                        "which guest runs, how, and for how long: a YAML file",
                        "catalogue/scenarios/README.md"))
                .page(ManualPage.ofResource(
                        "porting",
                        7,
                        "how a kprobes handler of your own becomes a flow",
                        "catalogue/guest/PORTING.md"));
    }
}
