package trapline.scenario;

import java.util.List;

/** A scenario that cannot be used. */
public final class ScenarioException extends Exception {

    private final List<String> problems;

    /**
     * Makes one.
     *
     * @param problems at least one; each a line of its own that names the place ({@code file:line:column: …})
     */
    public ScenarioException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** The lines. */
    public List<String> problems() {
        return problems;
    }
}
