package trapline.events;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a run is meant to end, where its scenario says so: {@code expect-end: bug}, or for each flow
 * {@code expect-end: {linux-3.16: bug, default: exit}}. An end is {@code bug}, {@code die}, a {@link HaltReason}, or
 * {@code any}.
 */
public final class ExpectedEnd {

    /** The guest kernel hit a BUG. */
    public static final String BUG = "bug";
    /** The guest kernel died. */
    public static final String DIE = "die";
    /** Whatever comes. */
    public static final String ANY = "any";

    /** The key of a scenario. */
    public static final String KEY = "expect-end";
    /** The flow that stands for all that are not named. */
    public static final String DEFAULT = "default";

    private static final Pattern LINE = Pattern.compile("(?m)^\"?" + KEY + "\"?:[ \t]*(.*)((?:\\R[ \t]+.*)*)");
    private static final Pattern ENTRY = Pattern.compile("\"?([A-Za-z0-9_.-]+)\"?[ \t]*:[ \t]*\"?([a-z_]+)\"?");

    private ExpectedEnd() {}

    /** All words for an end. */
    public static List<String> all() {
        List<String> all = new ArrayList<>(List.of(BUG, DIE, ANY));
        for (HaltReason reason : HaltReason.values()) {
            all.add(reason.label());
        }
        return all;
    }

    /**
     * A word for an end.
     *
     * @throws IllegalArgumentException if there is no such end
     */
    public static String checked(String word) {
        if (!all().contains(word)) {
            throw new IllegalArgumentException("'" + word + "' is no end; there are " + String.join(", ", all()));
        }
        return word;
    }

    /**
     * What a scenario says of one flow.
     *
     * @param scenario its text, of a scenario that has been read
     * @param flow name of the flow
     * @return the end, or empty where nothing is said
     */
    public static String of(String scenario, String flow) {
        Matcher line = LINE.matcher(scenario);
        if (!line.find()) {
            return "";
        }
        String value = withoutComments(line.group(1) + line.group(2));
        if (value.indexOf(':') < 0) {
            return value.replace("\"", "").strip();
        }
        String found = "";
        Matcher entry = ENTRY.matcher(value);
        while (entry.find()) {
            if (entry.group(1).equals(flow) || (entry.group(1).equals(DEFAULT) && found.isEmpty())) {
                found = entry.group(2);
                if (entry.group(1).equals(flow)) {
                    return found;
                }
            }
        }
        return found;
    }

    /** The line of a scenario that says how a run is to end; empty for an empty word. */
    public static String line(String end) {
        return end.isEmpty() ? "" : KEY + ": " + end + "\n";
    }

    private static String withoutComments(String text) {
        return text.replaceAll("(?m)(^|[ \\t])#.*$", "");
    }
}
