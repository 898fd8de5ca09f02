package trapline.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import trapline.manual.ManualPage;

/**
 * The commands of an executable, by name, in the order of its help. A command is made when it is asked for: the start
 * of one command does not pay for the classes of the others.
 */
public final class CommandTable {
    private final Map<String, Supplier<ToolCommand>> makers = new LinkedHashMap<>();
    private final Map<String, ManualPage> pages = new LinkedHashMap<>();

    /** Adds a command; {@code name} is the name in its {@code @Command} annotation. */
    public CommandTable add(String name, Supplier<ToolCommand> maker) {
        if (makers.put(name, maker) != null) {
            throw new IllegalArgumentException("two commands named " + name);
        }
        return this;
    }

    /** Adds a page of the manual, or replaces that of the same name. */
    public CommandTable page(ManualPage page) {
        pages.put(page.name(), page);
        return this;
    }

    /** Pages of the manual by name. */
    Map<String, ManualPage> pages() {
        return pages;
    }

    /** Adds the commands and pages of another table behind these. */
    public CommandTable addAll(CommandTable others) {
        others.makers.forEach(this::add);
        others.pages.values().forEach(this::page);
        return this;
    }

    public Map<String, Supplier<ToolCommand>> makers() {
        return makers;
    }
}
