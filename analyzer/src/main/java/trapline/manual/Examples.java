package trapline.manual;

import java.util.List;

/** Worked examples of each command, for its help and its manual page. */
public final class Examples {

    private static final String RESOURCE = "trapline/manual/examples.txt";

    private Examples() {}

    /**
     * An example.
     *
     * @param line as typed
     * @param why what it does
     */
    public record Example(String line, String why) {}

    /**
     * The examples of a command; empty if it has none.
     *
     * @param tool name of the executable, which stands first in each line
     */
    public static List<Example> of(String tool, String command) {
        String start = "trapline " + command;
        return ManualPage.text(RESOURCE)
                .lines()
                .filter(line -> line.equals(start) || line.startsWith(start + " "))
                .map(line -> line.split(" +# ", 2))
                .map(parts -> new Example(tool + parts[0].substring("trapline".length()), parts[1]))
                .toList();
    }
}
