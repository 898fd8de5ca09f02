package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.contrastsecurity.sarif.SarifSchema210;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.checks.kprobes.Checks;
import trapline.cli.ExitCode;

/** What {@code check --format sarif} prints is SARIF 2.1.0 by the schema of OASIS, formats of URIs included. */
class SarifSchemaTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @SuppressWarnings("NullAway.Init")
    private static JsonSchema schema;

    @TempDir
    private Path directory;

    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    @BeforeAll
    static void readSchema() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(SarifSchema210.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"))) {
            SchemaValidatorsConfig strict = SchemaValidatorsConfig.builder()
                    .formatAssertionsEnabled(true)
                    .build();
            schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(in, strict);
        }
    }

    @BeforeEach
    void isASchemaThatRefuses() throws IOException {
        assertThat(schema.validate(MAPPER.readTree("{\"version\": \"2.1.0\"}"))).isNotEmpty();
        assertThat(schema.validate(MAPPER.readTree("{\"version\": \"2.0.0\", \"runs\": []}")))
                .isNotEmpty();
        assertThat(schema.validate(MAPPER.readTree("{\"version\": \"2.1.0\", \"$schema\": \"a b\", \"runs\": []}")))
                .isNotEmpty();
    }

    /** The one run of a document that the schema accepts. */
    private JsonNode check(ExitCode expected, String... paths) throws IOException {
        List<String> words = new ArrayList<>(List.of("check", "--format", "sarif"));
        words.addAll(List.of(paths));
        ExitCode code = analyzer.run(words.toArray(String[]::new));
        assertThat(code).as(analyzer.out()).isEqualTo(expected);
        JsonNode document = MAPPER.readTree(analyzer.out());
        assertThat(schema.validate(document)).isEmpty();
        assertThat(document.get("runs")).hasSize(1);
        return document.get("runs").get(0);
    }

    @Test
    void findingsOfEveryCheck() throws IOException {
        List<String> ids = Checks.all().stream().map(c -> c.info().id()).toList();
        for (String id : ids) {
            TraceJournals.write(id + ".fail", directory);
        }
        JsonNode run = check(ExitCode.FINDING, directory.toString());
        Set<String> found = new TreeSet<>();
        run.get("results").forEach(result -> found.add(result.get("ruleId").asText()));
        assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void pathsThatAreNoUrisAsTheyStand() throws IOException {
        for (String name : List.of("a b", "100%", "ä\u00a0#?", "c:d", "[x]", "\u4e2d")) {
            TraceJournals.write("TF-RESTORED.fail", Files.createDirectory(directory.resolve(name)));
        }
        Path here = Path.of("").toAbsolutePath();
        for (Path root : List.of(directory, here.relativize(directory))) {
            JsonNode run = check(ExitCode.FINDING, root.toString());
            Set<String> uris = new TreeSet<>();
            for (JsonNode result : run.get("results")) {
                uris.add(result.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asText());
            }
            assertThat(uris).hasSize(6).allMatch(uri -> uri.chars().allMatch(c -> c > ' ' && c < 0x7f));
        }
    }

    @Test
    void nothingFoundNothingReadAndBoth() throws IOException {
        Path clean = TraceJournals.write("TF-RESTORED.pass", directory);
        assertThat(check(ExitCode.CLEAN, clean.toString()).get("results")).isEmpty();
        String missing = directory.resolve("mis\"sing\n.journal").toString();
        JsonNode run = check(ExitCode.UNREADABLE, missing, clean.toString());
        assertThat(run.at("/invocations/0/executionSuccessful").asBoolean(true)).isFalse();
        assertThat(run.at("/invocations/0/toolExecutionNotifications")).isNotEmpty();
    }

    @Test
    void monitorsAreRulesToo() throws IOException {
        Path journal = TraceJournals.write("TF-RESTORED.fail", directory);
        JsonNode run = check(ExitCode.FINDING, "--monitor", "single_step", journal.toString());
        assertThat(run.at("/tool/driver/rules")).hasSize(Checks.all().size() + 1);
    }
}
