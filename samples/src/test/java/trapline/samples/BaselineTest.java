package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.cli.ExitCode;
import trapline.scenario.Catalogue;
import trapline.scenario.Codes;

/**
 * All checks over the golden journals and over every scenario of the catalogue say what is committed, and say it in the
 * same bytes for any number of threads. {@code .ci/run} runs this on JDK 17 and again on JDK 25 against the same files:
 * verdicts, findings and their order depend on neither. {@code -Dupdate.expected=true} rewrites the files, and the review
 * happens in the diff.
 */
class BaselineTest {

    private static final Path VERDICTS = Path.of("golden", "verdicts.expected");
    private static final Path MATRIX = Path.of("golden", "matrix.expected");
    private static final Path GOLDEN = Path.of("golden", "format-1");

    @TempDir
    private static Path folder;

    /** What recordings had to say about points that did not come. */
    private static final List<String> UNREACHED = new ArrayList<>();

    /** What a command printed. */
    private record Output(ExitCode exitCode, String out, String err) {}

    private static Output run(String... words) {
        CapturedTrapline trapline = new CapturedTrapline();
        ExitCode exitCode = trapline.run(words);
        return new Output(exitCode, trapline.out(), trapline.err());
    }

    /** The files know scenarios and flows by their first code, those that have none by their name. */
    private static List<String> scenarios() {
        return Catalogue.names("scenarios", ".yaml").stream()
                .map(name -> Codes.ofScenario(name).stream().findFirst().orElse(name))
                .sorted()
                .toList();
    }

    private static List<String> flows() {
        return Catalogue.names("guest/flows", ".o").stream()
                .map(name -> Codes.ofFlow(name).isEmpty() ? name : Codes.ofFlow(name))
                .sorted()
                .toList();
    }

    @BeforeAll
    static void recordTheCatalogue() throws IOException {
        for (String scenario : scenarios()) {
            Output recorded = run(
                    "record",
                    scenario,
                    "-o",
                    folder.resolve(scenario + ".journal").toString());
            assertThat(recorded.exitCode())
                    .as("%s: %s", scenario, recorded.err())
                    .isEqualTo(ExitCode.CLEAN);
            recorded.err()
                    .lines()
                    .filter(line -> line.contains("never reached"))
                    .forEach(UNREACHED::add);
        }
        Files.createDirectory(folder.resolve("golden.journal"));
        for (String file : List.of("19700101F.cq4", "metadata.cq4t")) {
            Files.copy(
                    GOLDEN.resolve("guest.journal").resolve(file),
                    folder.resolve("golden.journal").resolve(file));
        }
        Files.copy(GOLDEN.resolve("guest.trap"), folder.resolve("golden.trap"));
    }

    private static void compare(List<String> lines, Path expected) throws IOException {
        if (Boolean.getBoolean("update.expected")) {
            Files.write(expected, lines);
        }
        assertThat(lines).isEqualTo(Files.readAllLines(expected));
    }

    /** A scenario whose points do not come does not show what it says. */
    @Test
    void everyPointOfAScenarioComes() {
        assertThat(UNREACHED).isEmpty();
    }

    /** A line for each check that had something to judge in a journal; of a failing one also where it first failed. */
    @Test
    void everyVerdictIsTheCommittedOne() throws Exception {
        List<String> lines = new ArrayList<>();
        Output checked = run("check", "--json", folder.toString());
        assertThat(checked.exitCode()).isEqualTo(ExitCode.FINDING);
        for (String document : checked.out().lines().toList()) {
            JsonNode journal = Recorded.json(document);
            String name = String.valueOf(Path.of(journal.get("path").asText()).getFileName());
            for (JsonNode row : journal.get("verdicts")) {
                if (!row.get("verdict").asText().equals("NOT_EXERCISED")) {
                    lines.add(name.replace(".journal", "") + " "
                            + row.get("check").asText() + " "
                            + row.get("verdict").asText()
                            + row.get("reason").asText().replaceFirst("^(?=.)", ": "));
                }
                Map<String, Long> first = new TreeMap<>();
                row.get("findings")
                        .forEach(f -> first.putIfAbsent(
                                f.get("signature").asText(), f.get("step").asLong()));
                first.forEach((signature, step) -> lines.add("  step " + step + ": " + signature));
            }
        }
        compare(lines, VERDICTS);
    }

    /** Hits are what scenarios are about: but for refusals, and what a search begins with, each leaves much to judge. */
    @Test
    void everyScenarioIsExercised() throws IOException {
        List<String> verdicts = Files.readAllLines(VERDICTS);
        assertThat(scenarios())
                .filteredOn(name -> !name.equals("test-refused") && !name.endsWith("-seeded"))
                .allSatisfy(name -> assertThat(verdicts.stream().filter(line -> line.startsWith(name + " ")))
                        .as(name)
                        .hasSizeGreaterThan(6));
    }

    /** The same scenarios under every flow: which checks fail, and how the run ended if not well. */
    @Test
    void everyFlowFailsWhatItFailed() throws Exception {
        List<String> lines = new ArrayList<>();
        List<String> command = new ArrayList<>(List.of("compare", "--json", "--flows", String.join(",", flows())));
        command.addAll(scenarios());
        for (JsonNode cell :
                Recorded.json(run(command.toArray(String[]::new)).out()).get("cells")) {
            StringBuilder line = new StringBuilder(cell.get("scenario").asText() + " under "
                    + cell.get("flow").asText() + ": " + cell.get("outcome").asText());
            int shortLength = line.length();
            cell.get("checks").properties().forEach(check -> {
                String verdict = check.getValue().asText();
                if (verdict.equals("FAIL") || verdict.equals("UNKNOWN")) {
                    line.append(' ').append(check.getKey()).append(verdict.equals("FAIL") ? "" : "?");
                }
            });
            if (line.length() > shortLength) {
                lines.add(line.toString());
            }
        }
        compare(lines, MATRIX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "junit", "sarif", "ktap"})
    void theNumberOfThreadsDoesNotShow(String format) throws Exception {
        Output one = run("check", "--threads", "1", "--format", format, folder.toString());
        assertThat(one.out()).contains("VANISHED-UNTOUCHED");
        for (String threads : List.of("2", "8")) {
            assertThat(run("check", "--threads", threads, "--format", format, folder.toString()))
                    .as("%s threads", threads)
                    .isEqualTo(one);
        }
    }

    @Test
    void theAnalyzerAloneSaysTheSame() throws Exception {
        try (ZipFile jar = new ZipFile(Executable.ANALYZER.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .anyMatch(name -> name.startsWith("trapline/checks/"))
                    .noneMatch(name -> name.matches("trapline/(machine|guest|schedule|scenario|record)/.*"));
        }
        Executable.Result alone = Executable.analyzer(folder).run("check", folder.toString());
        Output here = run("check", folder.toString());
        assertThat(alone.out()).isEqualTo(here.out());
        assertThat(alone.exitCode()).isEqualTo(here.exitCode().code());
    }
}
