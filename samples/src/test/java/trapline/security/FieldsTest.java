package trapline.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;
import trapline.cli.WholeOutput;
import trapline.journal.RawJournal;
import trapline.samples.CapturedTrapline;
import trapline.scenario.Overrides;
import trapline.scenario.ScenarioException;
import trapline.scenario.ScenarioReader;
import trapline.security.FieldChanges.Changed;

/** Every field of every document that is read, with every kind of wrong value: an answer, never a defect. */
class FieldsTest {

    private static final String DATA = "19700101F.cq4";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();
    private final List<String> wrong = new ArrayList<>();
    private int number;

    private Path record() {
        Path journal = folder.resolve("good.journal");
        trapline.run("record", "plain-probe", "--eflags=control", "-o", journal.toString());
        return journal;
    }

    private void run(String what, String... command) {
        ExitCode code = trapline.run(command);
        String line = String.join(" ", command).replace(folder.toString(), "") + " where " + what + ": " + code + ": ";
        if (code == ExitCode.INTERNAL || code == ExitCode.USAGE) {
            wrong.add(line + trapline.err());
        }
        if (code == ExitCode.UNREADABLE && !command[0].equals("doctor")) {
            long lines = trapline.err()
                    .lines()
                    .filter(l -> !l.contains("journals judged"))
                    .count();
            if (lines != 1) {
                wrong.add(line + "not one line: " + trapline.err());
            }
            if (Files.exists(folder.resolve("out"))) {
                wrong.add(line + "leaves something behind");
            }
        }
    }

    private void written(String what, String command, Path from) throws IOException {
        run(what, command, from.toString(), "-o", folder.resolve("out").toString());
        WholeOutput.removeTree(folder.resolve("out"));
    }

    @Test
    void ofAManifest() throws IOException {
        Path good = folder.resolve("good.trap");
        trapline.run("bundle", record().toString(), "-o", good.toString());
        JsonNode manifest = JSON.readTree(DamagedJournals.entry(good, "manifest.json"));
        for (Changed changed : FieldChanges.of(manifest)) {
            Path bundle = Files.write(
                    folder.resolve("changed.trap"), DamagedJournals.entry(good, "manifest.json", t -> changed.json()));
            run(changed.what(), "doctor", bundle.toString());
            written(changed.what(), "unbundle", bundle);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void ofAHeader() throws IOException {
        byte[] data = Files.readAllBytes(record().resolve(DATA));
        JsonNode[] header = {JSON.nullNode()};
        RawJournal.changed(data, bytes -> keep(bytes, header), bytes -> bytes);
        List<Changed> changes = FieldChanges.of(header[0]);
        assertThat(changes).hasSizeGreaterThan(50);
        for (Changed changed : changes) {
            readers(changed, RawJournal.changed(data, bytes -> utf8(changed.json()), bytes -> bytes));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void ofAFooter() throws IOException {
        byte[] data = Files.readAllBytes(record().resolve(DATA));
        JsonNode[] footer = {JSON.nullNode()};
        RawJournal.changed(data, bytes -> bytes, bytes -> keep(bytes, footer));
        List<Changed> changes = FieldChanges.of(footer[0]);
        assertThat(changes).hasSizeGreaterThan(50);
        for (Changed changed : changes) {
            readers(changed, RawJournal.changed(data, bytes -> bytes, bytes -> utf8(changed.json())));
        }
        assertThat(wrong).isEmpty();
    }

    /** Verdicts of each, and one other command in turn. */
    private void readers(Changed changed, RawJournal made) throws IOException {
        Path journal = made.in(folder.resolve("changed.journal"));
        run(changed.what(), "check", journal.toString());
        switch (number++ % 5) {
            case 0 -> run(changed.what(), "info", journal.toString());
            case 1 -> run(changed.what(), "show", journal.toString());
            case 2 -> run(changed.what(), "latency", journal.toString());
            case 3 -> written(changed.what(), "report", journal);
            default -> written(changed.what(), "bundle", journal);
        }
    }

    private static byte[] keep(byte[] bytes, JsonNode[] into) {
        try {
            into[0] = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** JSON is YAML. */
    @Test
    void ofAScenario() throws IOException {
        List<Path> scenarios;
        try (Stream<Path> files = Files.list(Path.of("scenarios"))) {
            scenarios =
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
        assertThat(scenarios).hasSizeGreaterThan(20);
        UnaryOperator<String> text = json -> "name: s\nlinux: " + json + "\n";
        changed(JSON.readTree("{\"kernel\": \"k\", \"initrd\": \"i\", \"commandLine\": \"c\"}"), text);
        for (Path scenario : scenarios) {
            changed(new YAMLMapper().readTree(scenario.toFile()), json -> json);
        }
        assertThat(wrong).isEmpty();
    }

    private void changed(JsonNode document, UnaryOperator<String> text) {
        for (Changed changed : FieldChanges.of(document)) {
            try {
                ScenarioReader.parse("s.yaml", folder, text.apply(changed.json()), new Overrides());
            } catch (ScenarioException e) {
                e.problems().stream()
                        .filter(p -> !p.startsWith("s.yaml:") || p.length() > 1000)
                        .forEach(p -> wrong.add(changed.what() + ": " + p.substring(0, Math.min(300, p.length()))));
            } catch (RuntimeException e) {
                wrong.add(changed.what() + ": " + e);
            }
        }
    }
}
