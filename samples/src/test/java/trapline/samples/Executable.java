package trapline.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One of the finished executables, as a user runs it: another process, in a directory, with an environment.
 *
 * @param command what is typed before the arguments
 * @param directory the current directory; output is kept there in hidden files
 * @param environment variables set on top of the test's own; an empty value removes one
 */
record Executable(List<String> command, Path directory, Map<String, String> environment) {
    private static final long LIMIT_SECONDS = 120;
    private static final Path MODULES = Path.of("..").toAbsolutePath().normalize();

    /** {@code recorder/target/trapline}. */
    static final Path TRAPLINE = MODULES.resolve("recorder/target/trapline");

    /** {@code analyzer/target/trapline-analyzer}. */
    static final Path ANALYZER = MODULES.resolve("analyzer/target/trapline-analyzer");

    /** What a run left: exit code, standard output, standard error. */
    record Result(int exitCode, String out, String err) {}

    /** {@code trapline}, run by this JVM's Java. */
    static Executable trapline(Path directory) {
        return of(TRAPLINE, directory);
    }

    /** {@code trapline-analyzer}, run by this JVM's Java. */
    static Executable analyzer(Path directory) {
        return of(ANALYZER, directory);
    }

    /** The executable at {@code file}, run by this JVM's Java. */
    static Executable of(Path file, Path directory) {
        return new Executable(
                List.of(file.toString()), directory, Map.of("JAVA_HOME", System.getProperty("java.home")));
    }

    /** The same with one more variable; an empty value removes it. */
    Executable with(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Executable(command, directory, more);
    }

    /** The same on another Java. */
    Executable on(Jdk jdk) {
        return with("JAVA_HOME", jdk.home().toString());
    }

    /** The same through plain {@code java -jar}, without the launcher's flags. */
    Executable asJar(Jdk jdk) {
        List<String> java =
                new ArrayList<>(List.of(jdk.home().resolve("bin/java").toString(), "-jar"));
        java.addAll(command);
        return new Executable(java, directory, environment);
    }

    /** Runs to the end. */
    Result run(String... arguments) throws IOException, InterruptedException {
        return end(start(arguments));
    }

    /** Starts, with nothing on standard input; one at a time. */
    Process start(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        Path out = directory.resolve(".out");
        Path err = directory.resolve(".err");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JDK_JAVA") || name.startsWith("JAVA_TOOL"));
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Waits for what {@link #start} started. */
    Result end(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + command);
        }
        return new Result(
                process.exitValue(),
                Files.readString(directory.resolve(".out"), StandardCharsets.UTF_8),
                Files.readString(directory.resolve(".err"), StandardCharsets.UTF_8));
    }
}
