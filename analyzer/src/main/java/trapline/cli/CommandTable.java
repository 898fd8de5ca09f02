package trapline.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The commands of an executable, by name, in the order of its help. A command is made when it is asked for: the start
 * of one command does not pay for the classes of the others.
 */
public final class CommandTable {
    private final Map<String, Supplier<ToolCommand>> makers = new LinkedHashMap<>();

    private final Map<String, Supplier<String>> pages = new LinkedHashMap<>();

    /** Adds a command; {@code name} is the name in its {@code @Command} annotation. */
    public CommandTable add(String name, Supplier<ToolCommand> maker) {
        if (makers.put(name, maker) != null) {
            throw new IllegalArgumentException("two commands named " + name);
        }
        return this;
    }

    /** Adds the commands of another table behind these. */
    public CommandTable addAll(CommandTable others) {
        others.makers.forEach(this::add);
        pages.putAll(others.pages);
        return this;
    }

    /** Adds a page of the manual that is of no command, such as {@code schema}: text in man(7) macros. */
    public CommandTable page(String name, Supplier<String> text) {
        pages.put(name, text);
        return this;
    }

    Map<String, Supplier<String>> pages() {
        return pages;
    }

    public Map<String, Supplier<ToolCommand>> makers() {
        return makers;
    }
}
