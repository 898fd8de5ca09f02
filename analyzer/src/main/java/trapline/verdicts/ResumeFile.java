package trapline.verdicts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.cli.Severity;

/**
 * What a batch has done so far, so that an interrupted one goes on where it was: one line for each clean journal, with
 * a sum of its bytes. Journals that are not clean are judged again, since their findings are to be reported again.
 */
public final class ResumeFile implements Closeable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final int BYTES_MAX = 1 << 26;

    private static final String LINE_START = "{\"path\":";

    private final Map<String, String> sumByPath = new HashMap<>();
    private final Writer writer;
    private final String key;

    /** What a line holds. */
    record Line(String path, String sum, String checks) {}

    private ResumeFile(Writer writer, String key) {
        this.writer = writer;
        this.key = key;
    }

    /**
     * Opens or begins a file.
     *
     * @param file where it is
     * @param checks what names the checks that run, and their version; lines of other runs do not count
     * @throws IOException if it cannot be read or written, or is some other file
     */
    public static ResumeFile open(Path file, String checks) throws IOException {
        String key = Integer.toHexString(checks.hashCode());
        Map<String, String> known = new HashMap<>();
        boolean atLineStart = true;
        if (Files.exists(file)) {
            // Bytes that are no UTF-8 become characters that no line of ours has.
            if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
                throw new FileSystemException(
                        file + ": is no file, or too long for what --resume makes; name a new one");
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            String first = text.lines().findFirst().orElse("");
            if (!first.startsWith(LINE_START) && !LINE_START.startsWith(first)) {
                throw new FileSystemException(file + ": is not a file that --resume has made; name a new one");
            }
            atLineStart = text.isEmpty() || text.endsWith("\n");
            text.lines().forEach(line -> {
                JsonNode node = parse(line);
                if (node != null && node.path("checks").asText().equals(key)) {
                    known.put(node.path("path").asText(), node.path("sum").asText());
                }
            });
        }
        ResumeFile resume = new ResumeFile(
                Files.newBufferedWriter(
                        file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                key);
        if (!atLineStart) {
            resume.writer.write("\n"); // a kill has cut the last line off
        }
        resume.sumByPath.putAll(known);
        return resume;
    }

    /** A line, or null if it was cut off. */
    private static @Nullable JsonNode parse(String line) {
        try {
            return line.isEmpty() ? null : MAPPER.readTree(line);
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether a journal was found clean before and none of its bytes has changed since. */
    public boolean isClean(Path path) {
        String before = sumByPath.getOrDefault(path.toString(), "");
        try {
            return !before.isEmpty() && before.equals(FileSum.of(path));
        } catch (IOException e) {
            return false; // judging it will say why
        }
    }

    /**
     * Notes a journal if it is clean.
     *
     * @throws IOException if the file cannot be written, or the journal not be read any more
     */
    public void add(JournalVerdicts verdicts) throws IOException {
        if (verdicts.severity() == Severity.CLEAN && !verdicts.digest().isEmpty()) {
            String sum = FileSum.of(Path.of(verdicts.path()));
            writer.write(MAPPER.writeValueAsString(new Line(verdicts.path(), sum, key)) + "\n");
            writer.flush();
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
