package trapline.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What benchmarks of whole processes have in common. */
final class BenchRun {

    private static final int REASON_MAX = 120;

    private BenchRun() {}

    /**
     * The command of a main class on this class path.
     *
     * @param options of the JVM
     */
    static List<String> java(List<String> options, Class<?> main, String... arguments) {
        String surefire = System.getProperty("surefire.test.class.path");
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                surefire == null ? System.getProperty("java.class.path") : surefire,
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                main.getName()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** Runs a command to its end, or to that of its time; returns what it printed. */
    static String run(int limitSeconds, List<String> command) throws IOException, InterruptedException {
        Path printed = Files.createTempFile("bench", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(printed.toFile())
                .start();
        try {
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                throw new IOException(command.get(0) + " has not ended after " + limitSeconds + " s");
            }
            return Files.readString(printed, StandardCharsets.ISO_8859_1);
        } finally {
            process.destroyForcibly();
            Files.delete(printed);
        }
    }

    /** What a program said, in one line that fits behind a row: why it did not do what it was started for. */
    static String reason(String printed) {
        return printed.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
                .lines()
                .map(line -> line.replaceAll("[^ -~]", "").strip())
                .filter(line -> line.matches("(?i).*(panic|error|cannot|could not|no such|not found|failed|unable).*"))
                .findFirst()
                .map(line -> line.substring(0, Math.min(line.length(), REASON_MAX)))
                .orElse("it did not print the checksum of the guest");
    }

    static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(d -> Files.isExecutable(Path.of(d, program)));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Says what everything runs on. */
    static void printMachine(int medianOf) throws IOException {
        String cpu = Files.readString(Path.of("/proc/cpuinfo"))
                .lines()
                .filter(l -> l.startsWith("model name"))
                .map(l -> l.substring(l.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown processor");
        System.out.printf(
                "%n%s, %d processors, Java %s, medians of %d%n",
                cpu, Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"), medianOf);
    }
}
