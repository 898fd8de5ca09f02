package trapline.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.tables.Table;

/** {@code query}: a question over a data set, asked of the cluster. */
@Command(
        name = "query",
        description =
                "Asks a data set in Spark's SQL; its tables are those of 'man schema'. Prints a JSON object a row.")
final class SparkQuery extends ToolCommand {

    @Parameters(index = "0", paramLabel = "DIR", description = "A data set, of 'check' or of 'trapline export'.")
    private Path directory = Path.of(".");

    @Parameters(index = "1", paramLabel = "SQL", description = "The question: one SELECT.")
    private String question = "";

    @Override
    protected ExitCode execute() throws Exception {
        if (!Files.isDirectory(directory.resolve(Table.RUNS.label()))) {
            throw new UserError(ExitCode.UNREADABLE, directory + ": is no data set (no folder 'runs' in it)");
        }
        if (Files.exists(directory.resolve("_loads")) && !Files.exists(directory.resolve("_SUCCESS"))) {
            throw new UserError(
                    ExitCode.UNREADABLE, directory + ": is not complete (no _SUCCESS in it); 'check --resume' goes on");
        }
        try (SparkSession session = Sessions.open("trapline query")) {
            for (Table table : Table.values()) {
                Path folder = directory.resolve(table.label());
                if (Files.isDirectory(folder)) {
                    session.read().parquet(folder.toUri().toString()).createOrReplaceTempView(table.label());
                }
            }
            Iterator<String> rows = session.sql(question).toJSON().toLocalIterator();
            while (rows.hasNext()) {
                out().println(rows.next());
            }
            return ExitCode.CLEAN;
        } catch (Exception e) {
            if (e instanceof AnalysisException) {
                throw new UserError(ExitCode.USAGE, Sessions.reason(e), e);
            }
            throw e;
        }
    }
}
