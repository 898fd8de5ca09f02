package trapline.commands;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import trapline.cli.ExitCode;
import trapline.cli.QueryWords;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;

/** {@code query}: done by an executable of its own, which brings a database along. */
@Command(
        name = "query",
        description = "Asks journals, bundles and data sets in SQL; 'man schema' has the tables, 'man questions' worked"
                + " questions. Needs trapline-query beside this executable or in PATH.")
final class QueryLaunch extends ToolCommand {

    private static final String EXECUTABLE = "trapline-query";

    @Mixin
    private QueryWords question = new QueryWords();

    @Override
    protected ExitCode execute() throws IOException, InterruptedException {
        Path executable = find();
        if (executable == null) {
            throw new UserError(
                    ExitCode.USAGE,
                    "query is done by " + EXECUTABLE + ", which is neither beside this executable nor in PATH; it is"
                            + " built as analyzer/query/target/" + EXECUTABLE);
        }
        List<String> command = new ArrayList<>(List.of(executable.toString(), "query"));
        if (json()) {
            command.add("--json");
        }
        command.add("--format=" + question.format());
        command.add("--");
        command.addAll(question.words());
        out().flush();
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        for (ExitCode each : ExitCode.values()) {
            if (each.code() == code) {
                return each;
            }
        }
        return ExitCode.INTERNAL;
    }

    private static @Nullable Path find() {
        List<Path> folders = new ArrayList<>();
        try {
            Path own = Path.of(QueryLaunch.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            folders.add(own.resolveSibling(""));
        } catch (URISyntaxException e) {
            // then PATH alone
        }
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
            if (!folder.isEmpty()) {
                folders.add(Path.of(folder));
            }
        }
        return folders.stream()
                .map(folder -> folder.resolve(EXECUTABLE))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
