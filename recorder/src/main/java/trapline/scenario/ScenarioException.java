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
        this(unknownName, problems.stream().map(ScenarioException::shortened).toList());
    }

    private ScenarioException(boolean unknownName, List<String> problems) {
        super(String.join("\n", problems));
        this.problems = problems;
        this.unknownName = unknownName;
    }

    /** What is quoted may be as long as a file; its beginning is enough to find it. */
    private static String shortened(String problem) {
        return problem.replaceAll("(\\S{300})\\S{100,}+", "$1...");
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
