package trapline.spark;

import trapline.cli.CommandTable;
import trapline.cli.Console;
import trapline.cli.Tool;
import trapline.manual.ManualPage;
import trapline.tables.SchemaPage;

/** Entry point of {@code trapline-spark.jar}: {@code spark-submit trapline-spark.jar check PATH… -o OUT}. */
public final class SparkMain {

    private static final String NAME = "trapline-spark";
    private static final String DESCRIPTION = "Judges trees of journals on a Spark cluster.";

    private SparkMain() {}

    private static CommandTable table() {
        return new CommandTable()
                .add("check", SparkCheck::new)
                .add("query", SparkQuery::new)
                .page(new ManualPage("schema", 7, "runs as tables: JSON lines, Parquet, SQL", SchemaPage::markdown));
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Tool.main(NAME, DESCRIPTION, table(), args);
    }

    /**
     * The tool for use inside another program, which goes on after each command.
     *
     * @param console where it writes
     */
    public static Tool tool(Console console) {
        return new Tool(NAME, DESCRIPTION, table(), console);
    }
}
