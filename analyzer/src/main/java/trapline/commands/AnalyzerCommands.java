package trapline.commands;

import trapline.cli.CommandTable;
import trapline.diff.Code;
import trapline.manual.ManualPage;
import trapline.tables.Questions;
import trapline.tables.SchemaPage;

/** The commands that work on journals and bundles alone; both executables have them. */
public final class AnalyzerCommands {
    private static final String MANUAL = "trapline/manual/";

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
                .add("query", QueryLaunch::new)
                .add("info", InfoCommand::new)
                .add("bundle", BundleCommand::new)
                .add("unbundle", UnbundleCommand::new)
                .add("doctor", DoctorCommand::new)
                .add("recover", RecoverCommand::new)
                .add("import", ImportCommand::new)
                .add("checks", ChecksCommand::new)
                .page(new ManualPage("checks", 7, "what is judged, and by which rule", Pages::checks))
                .page(new ManualPage("events", 5, "the events of a journal, as text and JSON", Pages::events))
                .page(new ManualPage("schema", 7, "runs as tables: JSON lines, Parquet, SQL", SchemaPage::markdown))
                .page(new ManualPage("questions", 7, "worked questions in SQL", Questions::markdown))
                .page(ManualPage.ofResource(
                        "monitors", 5, "automata of your own for check --monitor", "catalogue/monitors/README.md"))
                .page(ManualPage.ofResource(
                        "security",
                        7,
                        "what a stranger's file can do, and what a PASS on it is worth",
                        MANUAL + "security.md"))
                .page(ManualPage.ofResource(
                        "changes", 7, "what has changed, version by version", MANUAL + "changes.md"));
    }
}
