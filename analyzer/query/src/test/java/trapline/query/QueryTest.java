package trapline.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.JournalHeader;
import trapline.checks.CheckResult;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.commands.AnalyzerMain;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.TrapVector;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.tables.Questions;
import trapline.text.EventTextFile;
import trapline.verdicts.JournalVerdicts;

/** Questions in SQL, the worked ones against answers counted from the events themselves. */
class QueryTest {

    private static final Path TRACES = Path.of("../src/test/resources/trapline/checks");
    private static final List<String> NAMES =
            List.of("golden.t1", "golden.t2", "golden.t4", "golden.t5", "golden.t6", "golden.t8", "golden.t9");

    /** The guest sets TF by itself, for 10 and for 45 instructions. */
    private static final String POPF = """
            @cpus 1
                 10  0 104000 eflags  202>302 popf
                 20  0 104004 eflags  302>202 popf
                 30  0 104000 eflags  202>302 popf
                 75  0 104004 eflags  302>202 popf
                 80  0 104008 mark    =1 "end"
            """;

    @TempDir
    static Path directory = Path.of(".");

    private static final Map<String, EventTextFile> RUNS = new TreeMap<>();

    private record Result(ExitCode code, String out, String err) {}

    @BeforeAll
    static void makeTree() throws IOException {
        Map<String, String> texts = new TreeMap<>(Map.of("popf", POPF));
        for (String name : NAMES) {
            texts.put(name, Files.readString(TRACES.resolve(name + ".events")));
        }
        for (String name : texts.keySet()) {
            EventTextFile trace = EventTextFile.parse(texts.get(name), name);
            Path journal = directory.resolve("tree").resolve(name + ".journal");
            Files.createDirectories(directory.resolve("tree"));
            try (JournalWriter writer = JournalWriter.create(journal, header(name, trace), JournalOptions.DEFAULT)) {
                trace.events().forEach(writer::accept);
                writer.finish();
            }
            RUNS.put(journal.toString(), trace);
        }
    }

    private static JournalHeader header(String name, EventTextFile trace) {
        return new JournalHeader(
                "tests",
                1,
                "text",
                "retired instructions",
                trace.tables().cpus(),
                trace.tables().eflagsAll(),
                trace.tables().delivers().stream().sorted().toList(),
                trace.tables().observed(),
                trace.tables().symbols().symbols(),
                Map.of(),
                name,
                "linux-2.6.24",
                name,
                "",
                "");
    }

    private static Result run(boolean query, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = Console.plain(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        ExitCode code = (query ? QueryMain.tool(console) : AnalyzerMain.tool(console)).run(arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String tree() {
        return directory.resolve("tree").toString();
    }

    private static List<String> ask(String question) {
        Result result = run(true, "query", "--format", "csv", tree(), question);
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.CLEAN);
        return result.out().lines().skip(1).toList();
    }

    private static long count(EventTextFile run, java.util.function.Predicate<Event> which) {
        return run.events().stream().filter(which).count();
    }

    private static boolean isKernelBreakpoint(Event e) {
        return e.kind() == EventKind.TRAP_ENTRY
                && e.value(TrapEntry.VECTOR) == TrapVector.BP
                && (e.value(TrapEntry.CS) & 3) == 0;
    }

    private static List<JournalVerdicts> verdicts() throws IOException {
        List<JournalVerdicts> all = new ArrayList<>();
        for (String run : RUNS.keySet()) {
            all.add(JournalVerdicts.of(Path.of(run), Checks::all));
        }
        return all;
    }

    @Test
    void everyWorkedQuestionIsAnswered() {
        assertThat(Questions.all()).hasSize(10);
        for (Questions.Question question : Questions.all()) {
            Result result = run(true, "query", "--json", tree(), question.name());
            assertThat(result.code()).as(question.name() + ": " + result.err()).isEqualTo(ExitCode.CLEAN);
            assertThat(question.text()).endsWith("?");
        }
        Result page = run(true, "man", "questions");
        assertThat(page.out()).contains("GROUP BY probe", "Which probes are hit with IF=0?");
    }

    @Test
    void hitsAreTheBreakpointsOfTheStream() {
        long expected = RUNS.values().stream()
                .mapToLong(run -> count(run, QueryTest::isKernelBreakpoint))
                .sum();
        long off = RUNS.values().stream()
                .mapToLong(run ->
                        count(run, e -> isKernelBreakpoint(e) && (e.value(TrapEntry.EFLAGS) & Eflags.IF) == 0))
                .sum();
        assertThat(expected).isPositive();
        assertThat(ask("SELECT count(*) FROM hits")).containsExactly(Long.toString(expected));
        assertThat(ask("interrupts-off").stream()
                        .mapToLong(row -> Long.parseLong(row.split(",", -1)[1]))
                        .sum())
                .isEqualTo(off);
        assertThat(ask("outcomes").stream()
                        .mapToLong(row -> Long.parseLong(row.split(",", -1)[2]))
                        .sum())
                .isEqualTo(expected);
        assertThat(ask("slowest")).hasSizeLessThanOrEqualTo(10).isNotEmpty();
    }

    @Test
    void trapsNestAsTheirEntriesAndExitsDo() {
        Map<String, Long> interrupted = new TreeMap<>();
        List<String> deepest = new ArrayList<>();
        RUNS.forEach((path, run) -> {
            long[] depth = new long[run.tables().cpus()];
            long most = 0;
            for (Event e : run.events()) {
                if (e.kind() == EventKind.TRAP_ENTRY) {
                    if (depth[e.cpu()]++ > 0) {
                        interrupted.merge(TrapVector.name(e.value(TrapEntry.VECTOR)), 1L, Long::sum);
                    }
                    most = Math.max(most, depth[e.cpu()]);
                } else if (e.kind() == EventKind.TRAP_EXIT) {
                    depth[e.cpu()] = Math.max(0, depth[e.cpu()] - 1);
                }
            }
            if (most > 0) {
                deepest.add(path + "," + most);
            }
        });
        assertThat(interrupted).isNotEmpty();
        assertThat(ask("handlers-interrupted"))
                .containsExactlyInAnyOrderElementsOf(interrupted.entrySet().stream()
                        .map(e -> e.getKey() + "," + e.getValue())
                        .toList());
        assertThat(ask("nesting")).containsExactlyInAnyOrderElementsOf(deepest);
    }

    @Test
    void theLongestTimeWithTfIsFoundInTheWritesOfEflags() {
        long longest = 0;
        for (EventTextFile run : RUNS.values()) {
            assertThat(run.tables().cpus())
                    .as("steps are the CPU's instructions")
                    .isEqualTo(1);
            long since = -1;
            for (Event e : run.events()) {
                boolean register =
                        e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) != FlagCause.FRAME.code();
                if (register && (e.value(EflagsWrite.NEW) & Eflags.TF) != 0) {
                    since = since < 0 ? e.step() : since;
                } else if (register && since >= 0) {
                    longest = Math.max(longest, e.step() - since);
                    since = -1;
                }
            }
        }
        assertThat(ask("longest-tf")).containsExactly("linux-2.6.24," + longest);
    }

    @Test
    void whatFailsIsWhatTheChecksSay() throws IOException {
        Map<String, Long> failing = new TreeMap<>();
        TreeSet<String> never = new TreeSet<>();
        Checks.all().forEach(check -> never.add(check.info().id()));
        for (JournalVerdicts run : verdicts()) {
            for (CheckResult result : run.results()) {
                if (result.verdict() == Verdict.FAIL) {
                    failing.merge(result.info().id(), 1L, Long::sum);
                }
                if (result.exercised() > 0) {
                    never.remove(result.info().id());
                }
            }
        }
        assertThat(ask("failing"))
                .extracting(row -> row.substring(0, row.lastIndexOf(',')))
                .containsExactlyInAnyOrderElementsOf(failing.entrySet().stream()
                        .map(e -> e.getKey() + "," + e.getValue())
                        .toList());
        assertThat(ask("never-judged")).containsExactlyElementsOf(never);
        assertThat(ask("flags-changed")).isNotEmpty();
        assertThat(ask("missed-alone")).isEmpty();
    }

    @Test
    void aDataSetAnswersAsItsJournalsDo() {
        Path set = directory.resolve("set");
        assertThat(run(false, "export", tree(), "--to", "parquet", "-o", set.toString())
                        .code())
                .isEqualTo(ExitCode.CLEAN);
        for (String table : List.of("runs", "verdicts", "findings", "hits", "traps", "spans", "events")) {
            String sql = "SELECT * FROM " + table;
            Result direct = run(true, "query", "--format", "csv", tree(), sql);
            Result stored = run(true, "query", "--format", "csv", set.toString(), sql);
            assertThat(direct.out().lines()).as(table).hasSizeGreaterThan(1);
            assertThat(stored.out()).as(table).isEqualTo(direct.out());
        }
    }

    @Test
    void aQuestionReachesNothingButTheTables() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret.csv"), "a\n1\n");
        Path stolen = directory.resolve("stolen.csv");
        for (String sql : List.of(
                "SELECT * FROM read_csv('" + secret + "')",
                "COPY runs TO '" + stolen + "'",
                "ATTACH '" + directory.resolve("x.db") + "'",
                "SET enable_external_access=true",
                "INSTALL httpfs")) {
            Result result = run(true, "query", tree(), sql);
            assertThat(result.code()).as(sql).isEqualTo(ExitCode.USAGE);
            assertThat(result.err().lines()).as(sql).hasSize(1);
        }
        assertThat(stolen).doesNotExist();
    }

    @Test
    void whatIsWrongIsOneLine() throws IOException {
        Result wrong = run(true, "query", tree(), "SELECT nonsense FROM runs");
        assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err()).contains("nonsense");
        Path none = Files.writeString(directory.resolve("none.trap"), "PK and no more");
        Result unreadable = run(true, "query", none.toString(), "SELECT count(*), count(failure) FROM runs");
        assertThat(unreadable.code()).isEqualTo(ExitCode.UNREADABLE);
        assertThat(unreadable.out().lines().skip(1)).hasSize(1).allMatch(row -> row.startsWith("1"));
        assertThat(unreadable.err()).contains("none.trap");
    }
}
