package trapline.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The words of {@code query}: of the executable that answers, and of the one that hands the question on to it. */
public final class QueryWords {

    /** Forms of the answer. */
    public enum Format {
        table,
        csv,
        json
    }

    @Parameters(
            paramLabel = "PATH... SQL",
            arity = "2..*",
            description =
                    "Journals, bundles, directory trees of them, or data sets of 'export'; then one SELECT, or the"
                            + " name of a question.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", description = "table, csv or json (an object a row).")
    private Format format = Format.table;

    /** Paths, and the question behind them. */
    public List<String> words() {
        return List.copyOf(words);
    }

    /** The form that is asked for. */
    public Format format() {
        return format;
    }
}
