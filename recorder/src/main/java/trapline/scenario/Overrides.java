package trapline.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Values on the command line that replace those of a scenario file; a key is a path such as {@code schedule.seed}. */
public final class Overrides {

    /** One of them; {@code option} is what the user typed, for messages. */
    private record Assignment(String option, String key, String value) {}

    private final List<Assignment> all = new ArrayList<>();

    /**
     * Adds one that has an option of its own.
     *
     * @param option such as {@code --flow}
     * @param key path of the key
     * @param value new value; null: the option was not given
     * @return this
     */
    public Overrides add(String option, String key, @Nullable Object value) {
        if (value != null) {
            all.add(new Assignment(option, key, value.toString()));
        }
        return this;
    }

    /**
     * Adds one given as {@code KEY=VALUE}.
     *
     * @param assignment what follows {@code --set}
     * @return this
     * @throws IllegalArgumentException if there is no {@code =}
     */
    public Overrides set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            throw new IllegalArgumentException("--set needs KEY=VALUE, such as schedule.quantum=50, not " + assignment);
        }
        return add("--set " + assignment, assignment.substring(0, equals), assignment.substring(equals + 1));
    }

    /** The option of the first whose key satisfies {@code wanted}; null if none does. */
    public @Nullable String first(Predicate<String> wanted) {
        return all.stream()
                .filter(o -> wanted.test(o.key))
                .map(o -> o.option)
                .findFirst()
                .orElse(null);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<String> assignments() {
        return all.stream().map(o -> o.key + "=" + o.value).toList();
    }

    /** Replaces the values in a tree. A path may make new keys (which the reader then knows or not), but no new items. */
    void apply(Node root, List<String> problems) {
        for (Assignment override : all) {
            String[] path = override.key.split("\\.", -1);
            Node parent = root;
            for (int i = 0; i < path.length - 1 && parent != null; i++) {
                parent = child(parent, path[i], override.option);
            }
            Node value = Node.scalar(override.option, override.value);
            String last = path[path.length - 1];
            if (parent == null || !put(parent, last, value)) {
                problems.add(override.option + ": the scenario has no place for " + override.key);
            }
        }
    }

    private static @Nullable Node child(Node parent, String key, String option) {
        if (parent.kind == Node.Kind.MAP) {
            Node.Field field = parent.fields.computeIfAbsent(
                    key, k -> new Node.Field(option, new Node(Node.Kind.MAP, option, "")));
            return field.value();
        }
        int index = index(parent, key);
        return index < 0 ? null : parent.items.get(index);
    }

    private static boolean put(Node parent, String key, Node value) {
        if (parent.kind == Node.Kind.MAP) {
            parent.fields.put(key, new Node.Field(value.where, value));
            return true;
        }
        int index = index(parent, key);
        if (index >= 0) {
            parent.items.set(index, value);
        }
        return index >= 0;
    }

    /** Position in a list, from 0; -1 if the node is no list or has no such item. */
    private static int index(Node list, String key) {
        return list.kind == Node.Kind.LIST && key.matches("\\d{1,4}") && Integer.parseInt(key) < list.items.size()
                ? Integer.parseInt(key)
                : -1;
    }
}
