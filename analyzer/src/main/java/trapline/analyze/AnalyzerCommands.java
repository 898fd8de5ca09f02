package trapline.analyze;

/** The commands that work on journals and bundles alone; both executables have them. */
public final class AnalyzerCommands {
    private AnalyzerCommands() {}

    /** The table, in the order of the help. */
    public static CommandTable table() {
        return new CommandTable()
                .add("check", CheckCommand::new)
                .add("show", ShowCommand::new)
                .add("diff", DiffCommand::new)
                .add("blame", BlameCommand::new)
                .add("replay", ReplayCommand::new)
                .add("latency", LatencyCommand::new)
                .add("report", ReportCommand::new)
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
