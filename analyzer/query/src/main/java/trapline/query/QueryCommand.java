package trapline.query;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import trapline.cli.ExitCode;
import trapline.cli.QueryWords;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.tables.Questions;
import trapline.tables.Table;
import trapline.verdicts.JournalFinder;

/** {@code query}: a question in SQL. */
@Command(
        name = "query",
        description =
                "Asks journals, bundles and data sets in SQL. The tables are those of 'man schema'; 'man questions'"
                        + " has worked ones, which can be asked by name.")
final class QueryCommand extends ToolCommand {

    @Mixin
    private QueryWords question = new QueryWords();

    private long unreadable;

    @Override
    protected ExitCode execute() throws IOException {
        List<String> words = question.words();
        String asked = words.get(words.size() - 1);
        Questions.Question named = Questions.named(asked);
        String sql = named == null ? asked : named.sql();
        List<Path> paths =
                words.subList(0, words.size() - 1).stream().map(Path::of).toList();
        try (Database database = new Database(tables(sql))) {
            long lacking = load(database, paths);
            database.shut();
            answer(database, sql);
            ExitCode code = lacking > 0 ? ExitCode.LOSSY : ExitCode.CLEAN;
            return unreadable > 0 ? code.worse(ExitCode.UNREADABLE) : code;
        } catch (SQLException e) {
            throw new UserError(ExitCode.INTERNAL, "the database: " + firstLine(e), e);
        }
    }

    /** Those whose names are in the question, and the one that has a row for each run. */
    private static Set<Table> tables(String sql) {
        Set<Table> tables = EnumSet.of(Table.RUNS);
        for (Table table : Table.values()) {
            if (Pattern.compile("\\b" + table.label() + "\\b")
                    .matcher(sql.toLowerCase(Locale.ROOT))
                    .find()) {
                tables.add(table);
            }
        }
        return tables;
    }

    private long load(Database database, List<Path> paths) throws IOException, SQLException {
        List<Path> trees = new ArrayList<>();
        for (Path path : paths) {
            if (Database.isDataSet(path)) {
                database.load(path);
            } else {
                trees.add(path);
            }
        }
        return database.load(JournalFinder.find(trees).journals(), error -> {
            unreadable++;
            complain(error);
        });
    }

    private void answer(Database database, String sql) throws IOException, SQLException {
        try (Statement statement = database.statement();
                ResultSet rows = ask(statement, sql)) {
            Answer answer = new Answer(rows);
            switch (json() ? QueryWords.Format.json : question.format()) {
                case table -> answer.table(out());
                case csv -> answer.csv(out());
                case json -> answer.json(out());
            }
        }
    }

    private static ResultSet ask(Statement statement, String sql) {
        try {
            return Objects.requireNonNull(statement.executeQuery(sql));
        } catch (SQLException e) {
            throw new UserError(ExitCode.USAGE, firstLine(e) + "; see 'man schema' and 'man questions'", e);
        }
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
