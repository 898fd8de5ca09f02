package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;
import trapline.events.EventKind;
import trapline.tables.Column;
import trapline.tables.Table;

/** {@code export} of a tree as a data set: each table against what other commands say of the same journals. */
class DataSetTest {

    /** Reserved in SQL:2016, DuckDB or Spark's ANSI mode, as far as a column might be called so. */
    private static final Set<String> RESERVED = Set.of(
            "all",
            "and",
            "any",
            "array",
            "as",
            "asc",
            "at",
            "by",
            "case",
            "cast",
            "check",
            "column",
            "condition",
            "count",
            "cross",
            "current",
            "cycle",
            "date",
            "desc",
            "element",
            "else",
            "end",
            "exists",
            "false",
            "filter",
            "for",
            "from",
            "full",
            "function",
            "group",
            "hit",
            "in",
            "index",
            "interval",
            "into",
            "is",
            "join",
            "key",
            "lag",
            "left",
            "like",
            "limit",
            "match",
            "new",
            "not",
            "null",
            "of",
            "offset",
            "old",
            "on",
            "or",
            "order",
            "over",
            "range",
            "result",
            "return",
            "row",
            "rows",
            "select",
            "set",
            "size",
            "some",
            "start",
            "table",
            "text",
            "then",
            "time",
            "to",
            "trap",
            "true",
            "union",
            "user",
            "value",
            "values",
            "when",
            "where",
            "window",
            "with");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path directory = Path.of(".");

    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    @BeforeEach
    void makeTree() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (String trace : List.of("golden.t1", "golden.t4", "golden.t8")) {
            TraceJournals.write(trace, tree);
        }
    }

    private Path export(ExitCode expected) {
        Path set = directory.resolve("set");
        ExitCode code =
                analyzer.run("export", directory.resolve("tree").toString(), "--to", "jsonl", "-o", set.toString());
        assertThat(code).as(analyzer.err()).isEqualTo(expected);
        return set;
    }

    private static List<JsonNode> rows(Path set, Table table) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(set.resolve(table.label()).resolve("part-00000.jsonl"))) {
            rows.add(MAPPER.readTree(line));
        }
        return rows;
    }

    @Test
    void verdictsAndFindingsAreThoseOfCheck() throws IOException {
        Path set = export(ExitCode.CLEAN);
        analyzer.run("check", "--format", "json", directory.resolve("tree").toString());
        List<String> verdicts = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        for (String line : analyzer.out().lines().toList()) {
            JsonNode run = MAPPER.readTree(line);
            for (JsonNode each : run.path("verdicts")) {
                verdicts.add(run.path("path").asText()
                        + each.path("check").asText()
                        + each.path("verdict").asText());
                each.path("findings")
                        .forEach(f -> sentences.add(
                                f.path("step") + f.path("sentence").asText()));
            }
        }
        assertThat(sentences).isNotEmpty();
        assertThat(rows(set, Table.VERDICTS))
                .extracting(r -> r.path("run").asText()
                        + r.path("check_id").asText()
                        + r.path("verdict").asText())
                .isEqualTo(verdicts);
        assertThat(rows(set, Table.FINDINGS))
                .extracting(r -> r.path("step") + r.path("sentence").asText())
                .isEqualTo(sentences);
    }

    @Test
    void hitsAndSpansAreThoseOfLatency() throws IOException {
        Path set = export(ExitCode.CLEAN);
        assertThat(rows(set, Table.HITS)).isNotEmpty();
        assertThat(rows(set, Table.TRAPS)).isNotEmpty();
        List<String> arguments = new ArrayList<>(List.of("latency", "--json"));
        try (Stream<Path> journals = Files.list(directory.resolve("tree"))) {
            journals.forEach(journal -> arguments.add(journal.toString()));
        }
        analyzer.run(arguments.toArray(String[]::new));
        int compared = 0;
        for (JsonNode measured : MAPPER.readTree(analyzer.out()).path("spans")) {
            String name = measured.path("span").asText();
            long[] instructions = rows(set, Table.SPANS).stream()
                    .filter(r -> r.path("span").asText().equals(name))
                    .mapToLong(r -> r.path("instructions").asLong())
                    .toArray();
            if (!name.equals("hit")) { // every other hit span is one of these too
                assertThat(instructions).as(name).hasSize(measured.path("count").asInt());
                assertThat(Arrays.stream(instructions).average().orElse(0))
                        .as(name)
                        .isCloseTo(measured.path("mean").asDouble(), within(0.1));
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }

    @Test
    void eventsAreAllThereAre() throws IOException {
        List<JsonNode> events = rows(export(ExitCode.CLEAN), Table.EVENTS);
        int expected = 0;
        for (String trace : List.of("golden.t1", "golden.t4", "golden.t8")) {
            expected += TraceJournals.load(trace).events().size();
        }
        assertThat(events).hasSize(expected);
        assertThat(events)
                .filteredOn(e -> e.path("kind").asText().equals(EventKind.KPROBE_STATUS.label()))
                .isNotEmpty()
                .allMatch(e -> e.has("status") && e.has("field_new") && !e.has("field_vector"));
    }

    @Test
    void whatCannotBeReadIsARow() throws IOException {
        Path broken = Files.createDirectory(directory.resolve("tree").resolve("broken.journal"));
        Files.write(broken.resolve("19700101F.cq4"), new byte[100]);
        List<JsonNode> runs = rows(export(ExitCode.UNREADABLE), Table.RUNS);
        assertThat(runs).hasSize(4);
        assertThat(runs.get(0).path("failure").asText()).contains("broken.journal");
        assertThat(analyzer.err()).contains("4 journals", "1 unreadable");
    }

    @Test
    void aDataSetIsThereAsAWholeOrNotAtAll() {
        Path set = export(ExitCode.CLEAN);
        assertThat(analyzer.run(
                        "export", directory.resolve("tree").toString(), "--to", "parquet", "-o", set.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("exists already");
        assertThat(analyzer.run("export", directory.resolve("tree").toString(), "--to", "jsonl"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theSchemaIsDocumentedAndHasNoWordsOfSql() {
        assertThat(analyzer.run("man", "schema")).isEqualTo(ExitCode.CLEAN);
        for (Table table : Table.values()) {
            assertThat(analyzer.out()).contains(".SH " + table.label().toUpperCase(Locale.ROOT));
            for (Column column : table.columns()) {
                assertThat(analyzer.out()).contains("\\fB" + column.name() + "\\fR");
                assertThat(column.name()).matches("[a-z][a-z0-9_]*").isNotIn(RESERVED);
            }
            assertThat(table.columns()).extracting(Column::name).doesNotHaveDuplicates();
        }
    }
}
