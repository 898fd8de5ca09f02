package trapline.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.cli.Tool;
import trapline.commands.AnalyzerMain;

/** {@code check} on Spark inside this process against {@code check} without it: the same bytes, whoever does what. */
class SparkCheckTest {

    @TempDir
    static Path directory = Path.of(".");

    private static Path tree = Path.of(".");

    private record Result(ExitCode code, String out, String err) {}

    @BeforeAll
    static void makeTree() throws IOException {
        tree = Trees.make(directory.resolve("tree"), 4);
    }

    @AfterEach
    void forgetMaster() {
        System.clearProperty("spark.master");
    }

    private static Result run(boolean spark, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = Console.plain(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        Tool tool = spark ? SparkMain.tool(console) : AnalyzerMain.tool(console);
        ExitCode code = tool.run(arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Result spark(String master, String... arguments) {
        System.setProperty("spark.master", master);
        return run(true, arguments);
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                contents.put(folder.relativize(file).toString(), bytes);
            }
        }
        return contents;
    }

    @Test
    void theVerdictsAreThoseOfOneMachineByteForByte() throws IOException {
        Result local = run(false, "check", tree.toString());
        Result json = run(false, "check", "--json", tree.toString());
        assertThat(local.code()).isEqualTo(ExitCode.UNREADABLE);
        Path one = directory.resolve("one");
        Path other = directory.resolve("other");

        Result slow = spark("local[1]", "check", tree.toString(), "-o", one.toString(), "--load", "3");
        Result fast = spark("local[4]", "check", tree.toString(), "-o", other.toString(), "--load", "3");
        Result inOneLoad = spark(
                "local[2]",
                "check",
                "--json",
                tree.toString(),
                "-o",
                directory.resolve("json").toString());

        assertThat(slow.err()).doesNotContain("internal error", "has failed");
        assertThat(slow.out()).isEqualTo(local.out()).contains("UNREADABLE", "Failures by signature", "FAIL");
        assertThat(fast.out()).isEqualTo(local.out());
        assertThat(inOneLoad.out()).isEqualTo(json.out());
        assertThat(List.of(slow.code(), fast.code(), inOneLoad.code())).containsOnly(local.code());
        String summary = local.err().lines().reduce("", (before, line) -> line);
        assertThat(slow.err()).contains(summary, "8 unreadable", "half.trap", "damaged.journal");
        assertThat(files(other)).isEqualTo(files(one)).containsKey("_SUCCESS").hasSizeGreaterThan(40);
    }

    @Test
    void aJobThatWasKilledGoesOnAndEndsWithTheSameBytes() throws IOException {
        Path out = directory.resolve("resumed");
        Result first = spark("local[2]", "check", tree.toString(), "-o", out.toString(), "--load", "4");
        Map<String, String> whole = files(out);
        Files.delete(out.resolve("_SUCCESS"));
        Files.delete(out.resolve("_loads/part-00002.json"));
        Files.writeString(out.resolve("verdicts/part-00002.parquet"), "half of");
        Files.createDirectories(out.resolve("_temporary/part-00001-x/runs"));
        Files.writeString(out.resolve("runs/part-00099.parquet"), "of a larger job before");

        assertThat(spark("local[2]", "query", out.toString(), "SELECT 1").code())
                .isEqualTo(ExitCode.UNREADABLE);
        assertThat(spark("local[2]", "check", tree.toString(), "-o", out.toString())
                        .code())
                .as("not without being told to")
                .isEqualTo(ExitCode.USAGE);
        Result again = spark("local[2]", "check", tree.toString(), "-o", out.toString(), "--load", "4", "--resume");

        assertThat(again.err()).contains("7 of 8 loads done before");
        assertThat(again.out()).isEqualTo(first.out());
        assertThat(again.code()).isEqualTo(first.code());
        assertThat(files(out)).isEqualTo(whole);
    }

    @Test
    void aLoadThatIsDoneTwiceIsTheSame() throws IOException {
        Path out = directory.resolve("twice");
        OutputFolder folder = new OutputFolder(out);
        folder.begin(1);
        CheckPlan plan = new CheckPlan(out.toString(), false, false, 2, List.of("RUNS", "VERDICTS", "EVENTS"));
        LoadSpec load = new LoadSpec(
                0,
                List.of(tree.resolve("folder-00000/golden.t1.journal").toString(), tree + "/folder-00001/half.trap"),
                "key");
        String first = new LoadTask(plan).call(load);
        Map<String, String> written = files(out);

        assertThat(new LoadTask(plan).call(load)).isEqualTo(first);
        assertThat(files(out)).isEqualTo(written);
    }

    @Test
    void aDataSetAnswersQuestions() throws IOException {
        Path out = directory.resolve("asked");
        spark("local[2]", "check", tree.toString(), "-o", out.toString(), "--load", "5", "--all-tables");

        Result unreadable = spark(
                "local[2]", "query", out.toString(), "SELECT count(*) AS runs, count(failure) AS unreadable FROM runs");
        assertThat(unreadable.out()).as(unreadable.err()).isEqualTo("{\"runs\":32,\"unreadable\":8}\n");
        Result hits = spark(
                "local[2]",
                "query",
                out.toString(),
                "SELECT count(*) AS n FROM hits WHERE NOT contains(flags_before, 'IF')");
        assertThat(hits.code()).isEqualTo(ExitCode.CLEAN);
        assertThat(hits.out()).startsWith("{\"n\":");
        assertThat(spark("local[2]", "query", out.toString(), "SELECT nonsense FROM runs")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(spark("local[2]", "query", tree.toString(), "SELECT 1").code())
                .isEqualTo(ExitCode.UNREADABLE);
    }

    @Test
    void anOutputThatCannotBeWrittenIsOneLine() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Result result = spark("local[2]", "check", tree.toString(), "-o", file.toString());
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err().lines()).hasSize(1);
    }
}
