package trapline.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What fish needs to complete commands, options and their values: a line {@code complete} for each. */
final class FishScript {

    private final StringBuilder script = new StringBuilder();
    private final String tool;

    private FishScript(String tool) {
        this.tool = tool;
    }

    static String of(CommandLine all) {
        FishScript fish = new FishScript(all.getCommandName());
        all.getSubcommands().forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            fish.line(
                    "__fish_use_subcommand",
                    " -f -a " + name + description(spec.usageMessage().description()));
            spec.options().forEach(option -> fish.option(name, option));
            spec.positionalParameters().forEach(parameter -> fish.parameter(name, parameter));
        });
        return fish.script.toString();
    }

    private void option(String command, OptionSpec option) {
        StringBuilder words = new StringBuilder();
        for (String name : option.names()) {
            words.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        String values = values(option);
        words.append(option.arity().max() == 0 ? "" : values.isEmpty() ? " -r" : " -x -a " + quoted(values));
        line("__fish_seen_subcommand_from " + command, words + description(option.description()));
    }

    private void parameter(String command, PositionalParamSpec parameter) {
        String values = values(parameter);
        if (!values.isEmpty()) {
            line("__fish_seen_subcommand_from " + command, " -a " + quoted(values));
        }
    }

    private void line(String condition, String words) {
        script.append("complete -c ")
                .append(tool)
                .append(" -n ")
                .append(quoted(condition))
                .append(words)
                .append('\n');
    }

    private static String values(ArgSpec argument) {
        Iterable<String> candidates = argument.completionCandidates();
        return candidates == null ? "" : String.join(" ", candidates);
    }

    private static String description(String... texts) {
        return texts.length == 0 ? "" : " -d " + quoted(String.join(" ", List.of(texts)));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
