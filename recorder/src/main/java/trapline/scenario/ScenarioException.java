package trapline.scenario;

import java.util.List;

/** A scenario that cannot be used. */
public final class ScenarioException extends Exception {

    private final List<String> problems;
    private final boolean unknownName;

    /**
     * Makes one.
     *
     * @param problems at least one; each a line of its own that names the place ({@code file:line:column: …})
     */
    public ScenarioException(List<String> problems) {
        this(problems, false);
    }

    private ScenarioException(List<String> problems, boolean unknownName) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
        this.unknownName = unknownName;
    }

    /** No file, and no scenario of that name in the catalogue. */
    static ScenarioException unknown(String problem) {
        return new ScenarioException(List.of(problem), true);
    }

    /** Whether the catalogue was asked for a name that it does not have: a slip of the caller's, not of a file. */
    public boolean unknownName() {
        return unknownName;
    }

    /** The lines. */
    public List<String> problems() {
        return problems;
    }
}
