package trapline.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import trapline.manual.ManualPage;

/** {@code install}: what the shell and man look for, where they look for it. */
@Command(
        name = "install",
        description = "Put this program, its manual pages and its completion in place; an older install is replaced.")
final class InstallCommand extends ToolCommand {

    private final Supplier<CommandLine> complete;
    private final Map<String, ManualPage> pages;

    @Option(names = "--prefix", paramLabel = "DIR", description = "Where bin and share are; default: ~/.local.")
    private Path prefix = Path.of(home(), ".local");

    record Document(List<String> files) {}

    InstallCommand(Supplier<CommandLine> complete, Map<String, ManualPage> pages) {
        this.complete = complete;
        this.pages = pages;
    }

    @Override
    protected ExitCode execute() {
        CommandLine all = complete.get();
        String tool = all.getCommandName();
        Path program = Path.of(System.getProperty("java.class.path", ""));
        if (!Files.isRegularFile(program)) {
            throw new UserError(ExitCode.USAGE, "install: only the executable file can install itself");
        }
        List<String> files = new ArrayList<>();
        Path bin = prefix.resolve("bin").resolve(tool);
        writing(bin, () -> copy(program, bin));
        files.add(bin.toString());
        put(files, "bash-completion/completions/" + tool, CompletionCommand.script(all, "bash"));
        put(files, "zsh/site-functions/_" + tool, "#compdef " + tool + "\n" + CompletionCommand.script(all, "zsh"));
        put(files, "fish/vendor_completions.d/" + tool + ".fish", CompletionCommand.script(all, "fish"));
        put(files, "man/man1/" + tool + ".1", ManPage.of(all.getCommandSpec(), pages));
        all.getSubcommands()
                .forEach((name, command) -> put(
                        files, "man/man1/" + tool + "-" + name + ".1", ManPage.of(command.getCommandSpec(), pages)));
        pages.values()
                .forEach(page -> put(
                        files,
                        "man/man" + page.section() + "/" + tool + "-" + page.name() + "." + page.section(),
                        ManPage.of(tool, page)));
        Path archive = archive(bin, tool);
        if (Files.exists(archive)) {
            files.add(archive.toString());
        }
        if (json()) {
            printJson(1, new Document(files));
        } else {
            err().println(bin + ", manual pages and completion below " + prefix.resolve("share"));
        }
        return ExitCode.CLEAN;
    }

    /** As the shell sees it. */
    private static String home() {
        return System.getenv().getOrDefault("HOME", System.getProperty("user.home", "/"));
    }

    /**
     * Has the installed program write down the classes that it needs, while it does what people do first. Without such an
     * archive it is slower to start, and no worse.
     */
    private static Path archive(Path program, String tool) {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", home() + "/.cache");
        Path archive = Path.of(cache, "trapline", tool + "-" + Runtime.version().feature() + ".jsa");
        try {
            Path scratch = Files.createTempDirectory("trapline-install");
            try {
                Files.createDirectories(archive.toAbsolutePath().getParent());
                WholeOutput.write(archive, partial -> train(program, scratch, partial));
            } finally {
                WholeOutput.removeTree(scratch);
            }
        } catch (IOException e) {
            return archive; // a cache that cannot be written is none
        }
        return archive;
    }

    private static void train(Path program, Path scratch, Path archive) throws IOException {
        ProcessBuilder training = new ProcessBuilder(program.toAbsolutePath().toString(), "tour")
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        training.environment().put("TRAPLINE_ARCHIVE", archive.toAbsolutePath().toString());
        try {
            training.start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Path program, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        if (Files.exists(to) && Files.isSameFile(program, to)) {
            return;
        }
        WholeOutput.write(to, partial -> {
            Files.copy(program, partial);
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
        });
    }

    private void put(List<String> files, String name, String text) {
        Path file = prefix.resolve("share").resolve(name);
        writing(file, () -> {
            Files.createDirectories(file.toAbsolutePath().getParent());
            WholeOutput.write(file, partial -> Files.write(partial, text.getBytes(StandardCharsets.UTF_8)));
        });
        files.add(file.toString());
    }
}
