package trapline.query;

import trapline.cli.CommandTable;
import trapline.cli.Console;
import trapline.cli.Tool;
import trapline.manual.ManualPage;
import trapline.tables.Questions;
import trapline.tables.SchemaPage;

/** Entry point of {@code trapline-query}. */
public final class QueryMain {

    private static final String NAME = "trapline-query";
    private static final String DESCRIPTION = "Asks journals, bundles and data sets in SQL.";

    private QueryMain() {}

    private static CommandTable table() {
        return new CommandTable()
                .add("query", QueryCommand::new)
                .page(new ManualPage("schema", 7, "runs as tables: JSON lines, Parquet, SQL", SchemaPage::markdown))
                .page(new ManualPage("questions", 7, "worked questions in SQL", Questions::markdown));
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
