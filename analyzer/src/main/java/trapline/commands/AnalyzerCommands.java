package trapline.commands;

import trapline.cli.CommandTable;
import trapline.diff.Code;

/** The commands that work on journals and bundles alone; both executables have them. */
public final class AnalyzerCommands {
    private AnalyzerCommands() {}

    /** The table of the analyzer alone, which has no guest's code. */
    public static CommandTable table() {
        return table(journal -> Code.none("trapline-analyzer has no guests and no disassembler: a page made by"
                + " 'trapline report' shows the instructions too."));
    }

    /**
     * The table, in the order of the help.
     *
     * @param code finds the code of a journal's guest
     */
    public static CommandTable table(Code.Finder code) {
        return new CommandTable()
                .add("check", () -> new CheckCommand(code))
                .add("show", () -> new ShowCommand(code))
                .add("diff", () -> new DiffCommand(code))
                .add("blame", () -> new BlameCommand(code))
                .add("replay", () -> new ReplayCommand(code))
                .add("latency", LatencyCommand::new)
                .add("report", () -> new ReportCommand(code))
                .add("export", ExportCommand::new)
                .add("info", InfoCommand::new)
                .add("bundle", BundleCommand::new)
                .add("unbundle", UnbundleCommand::new)
                .add("doctor", DoctorCommand::new)
                .add("recover", RecoverCommand::new)
                .add("import", ImportCommand::new)
                .add("checks", ChecksCommand::new);
    }
}
