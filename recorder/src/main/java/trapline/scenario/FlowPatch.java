package trapline.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A flow that is another one with a few lines changed, kept as what it is:
 *
 * <pre>
 * From: linux-2.6.24
 * Subject: 2.6.24 with dcfc47248d3f: a step undone by a fault takes TF back.
 * Commit: dcfc47248d3f
 * Alias: bug-50-fixed
 *
 * --- a/linux-2.6.24.c
 * +++ b/bug-50-fixed.c
 * {@literal @}@ -1,2 +1,2 {@literal @}@
 * ...
 * </pre>
 *
 * {@code build.sh} applies it with patch(1), whoever wants to see the C without having that with {@link #apply}.
 *
 * @param parent the flow that it changes
 * @param title what it is, one sentence
 * @param alias its name before flows said whether they have a bug; also the name of its C file
 * @param diff in unified form, from the first hunk on
 */
record FlowPatch(String parent, String title, String alias, List<String> diff) {

    private static final Pattern HUNK = Pattern.compile("@@ -(\\d+)(?:,\\d+)? \\+\\d+(?:,\\d+)? @@.*");

    /** Takes a patch apart. */
    static FlowPatch parse(String text) {
        List<String> lines = text.lines().toList();
        int first = 0;
        while (!HUNK.matcher(lines.get(first)).matches()) {
            first++;
        }
        return new FlowPatch(
                value(lines, "From: "),
                value(lines, "Subject: "),
                value(lines, "Alias: "),
                lines.subList(first, lines.size()));
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a patch of a flow without a line " + key));
    }

    /**
     * The whole C.
     *
     * @param source of the parent
     * @throws IllegalStateException if a line that the patch shows is another one in the parent
     */
    String apply(String source) {
        List<String> from = source.lines().toList();
        List<String> to = new ArrayList<>();
        int next = 0;
        for (String line : diff) {
            Matcher hunk = HUNK.matcher(line);
            if (hunk.matches()) {
                int begin = Integer.parseInt(hunk.group(1)) - 1;
                to.addAll(from.subList(next, begin));
                next = begin;
            } else if (line.startsWith("+")) {
                to.add(line.substring(1));
            } else {
                String shown = line.substring(1);
                if (!from.get(next).equals(shown)) {
                    throw new IllegalStateException("line " + (next + 1) + " of " + parent + " is not '" + shown + "'");
                }
                if (line.startsWith(" ")) {
                    to.add(shown);
                }
                next++;
            }
        }
        to.addAll(from.subList(next, from.size()));
        return String.join("\n", to) + "\n";
    }
}
