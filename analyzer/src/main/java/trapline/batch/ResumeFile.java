package trapline.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batch has done so far, so that an interrupted one goes on where it was: one line for each clean journal, with
 * its digest. Journals that are not clean are judged again, since their findings are to be reported again.
 */
public final class ResumeFile implements Closeable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, String> digestByPath = new HashMap<>();
    private final Writer writer;

    /** What a line holds. */
    record Line(String path, String digest, int checks) {}

    private ResumeFile(Writer writer) {
        this.writer = writer;
    }

    /**
     * Opens or begins a file.
     *
     * @param file where it is
     * @param checks number of checks that run; lines of runs with another number do not count
     * @throws IOException if it cannot be read or written
     */
    public static ResumeFile open(Path file, int checks) throws IOException {
        Map<String, String> known = new HashMap<>();
        if (Files.exists(file)) {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode node = parse(line);
                    if (node != null && node.path("checks").asInt() == checks) {
                        known.put(
                                node.path("path").asText(), node.path("digest").asText());
                    }
                }
            }
        }
        ResumeFile resume = new ResumeFile(Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        resume.digestByPath.putAll(known);
        return resume;
    }

    /** A line, or null if it was cut off. */
    private static @Nullable JsonNode parse(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether a journal with that digest of its events was found clean before. */
    public boolean isClean(String path, String digest) {
        return !digest.isEmpty() && digest.equals(digestByPath.get(path));
    }

    /**
     * Notes a journal if it is clean.
     *
     * @throws IOException if the file cannot be written
     */
    public void add(JournalVerdicts verdicts) throws IOException {
        if (verdicts.severity() == Severity.CLEAN && !verdicts.digest().isEmpty()) {
            writer.write(MAPPER.writeValueAsString(new Line(
                            verdicts.path(),
                            verdicts.digest(),
                            verdicts.results().size()))
                    + "\n");
            writer.flush();
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
