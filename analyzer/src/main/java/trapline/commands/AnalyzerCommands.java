package trapline.commands;

import java.util.function.Function;
import trapline.block.JournalHeader;
import trapline.cli.CommandTable;
import trapline.diff.Code;
import trapline.tables.SchemaPage;

/** The commands that work on journals and bundles alone; both executables have them. */
public final class AnalyzerCommands {
    private AnalyzerCommands() {}

    /** The table of the analyzer alone, which has no guest's code. */
    public static CommandTable table() {
        return table(header -> Code.none("trapline-analyzer has no guests and no disassembler: a page made by"
                + " 'trapline report' shows the instructions too."));
    }

    /**
     * The table, in the order of the help.
     *
     * @param code finds the code of a journal's guest
     */
    public static CommandTable table(Function<JournalHeader, Code> code) {
        return new CommandTable()
                .add("check", CheckCommand::new)
                .add("show", ShowCommand::new)
                .add("diff", () -> new DiffCommand(code))
                .add("blame", BlameCommand::new)
                .add("replay", ReplayCommand::new)
                .add("latency", LatencyCommand::new)
                .add("report", () -> new ReportCommand(code))
                .add("export", ExportCommand::new)
                .add("info", InfoCommand::new)
                .add("bundle", BundleCommand::new)
                .add("unbundle", UnbundleCommand::new)
                .add("doctor", DoctorCommand::new)
                .add("recover", RecoverCommand::new)
                .add("import", ImportCommand::new)
                .add("checks", ChecksCommand::new)
                .page(SchemaPage.NAME, SchemaPage::text);
    }
}
