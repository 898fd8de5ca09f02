package trapline.verdicts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import trapline.checks.CheckInfo;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.events.Event;
import trapline.text.EventText;

/** SARIF 2.1.0: the checks are rules, the findings results, unreadable journals notifications of the invocation. */
public final class SarifWriter implements VerdictWriter {

    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    /** Where the guest's C files lie: whoever looks at the findings knows, a journal does not. */
    private static final String GUEST_BASE = "GUEST";

    private final JsonGenerator json;
    private final List<CheckInfo> rules;
    private final String version;
    private final StringBuilder unreadable = new StringBuilder();

    /**
     * Writes to a stream.
     *
     * @param rules all checks that run
     * @param version of the tool
     */
    public SarifWriter(PrintStream out, List<CheckInfo> rules, String version) {
        try {
            this.json = new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.json.useDefaultPrettyPrinter();
        this.rules = rules;
        this.version = version;
    }

    /** Output that can fail; a failure of the stream ends the command elsewhere. */
    @FunctionalInterface
    private interface Output {
        void write() throws IOException;
    }

    private static void write(Output output) {
        try {
            output.write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begin(int journals) {
        write(() -> {
            json.writeStartObject();
            json.writeStringField("$schema", SCHEMA);
            json.writeStringField("version", "2.1.0");
            json.writeArrayFieldStart("runs");
            json.writeStartObject();
            json.writeObjectFieldStart("tool");
            json.writeObjectFieldStart("driver");
            json.writeStringField("name", "trapline");
            json.writeStringField("version", version);
            json.writeArrayFieldStart("rules");
            for (CheckInfo rule : rules) {
                json.writeStartObject();
                json.writeStringField("id", rule.id());
                text("shortDescription", rule.claim());
                text("help", rule.invariant() + ": " + rule.citation());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
            json.writeObjectFieldStart("automationDetails");
            json.writeStringField("id", "trapline/check/");
            json.writeEndObject();
            json.writeObjectFieldStart("originalUriBaseIds");
            json.writeObjectFieldStart(GUEST_BASE);
            text("description", "The folder of the C file that the run was compiled from.");
            json.writeEndObject();
            json.writeEndObject();
            json.writeArrayFieldStart("results");
        });
    }

    private void text(String name, String text) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    @Override
    public void journal(JournalVerdicts verdicts) {
        if (!verdicts.error().isEmpty()) {
            unreadable.append(unreadable.length() == 0 ? "" : "\n").append(verdicts.error());
        }
        write(() -> {
            for (CheckResult result : verdicts.results()) {
                for (Finding finding : result.findings()) {
                    result(verdicts, finding);
                }
            }
        });
    }

    private void result(JournalVerdicts verdicts, Finding finding) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", finding.check());
        json.writeStringField("level", "error");
        text("message", finding.sentence());
        json.writeArrayFieldStart("locations");
        location(verdicts, finding.event(), finding.place());
        json.writeEndArray();
        json.writeArrayFieldStart("relatedLocations");
        json.writeStartObject();
        file(verdicts.path(), "");
        text(
                "message",
                "the journal: step " + finding.event().step() + " on CPU "
                        + finding.event().cpu());
        json.writeEndObject();
        json.writeEndArray();
        json.writeArrayFieldStart("codeFlows");
        json.writeStartObject();
        json.writeArrayFieldStart("threadFlows");
        json.writeStartObject();
        json.writeArrayFieldStart("locations");
        for (Event event : finding.slice()) {
            json.writeStartObject();
            json.writeFieldName("location");
            location(verdicts, event, verdicts.tables().symbols().describe(event.ip()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeObjectFieldStart("partialFingerprints");
        json.writeStringField("signature/v1", finding.signature());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The C line of a place, where it is known; else the journal. */
    private void location(JournalVerdicts verdicts, Event event, String place) throws IOException {
        String source = verdicts.tables().symbols().source(place);
        json.writeStartObject();
        file(source.isEmpty() ? verdicts.path() : source.substring(0, source.lastIndexOf(':')), source);
        json.writeArrayFieldStart("logicalLocations");
        json.writeStartObject();
        json.writeStringField("fullyQualifiedName", place);
        json.writeStringField("kind", "function");
        json.writeEndObject();
        json.writeEndArray();
        text("message", new EventText(verdicts.tables()).line(event).strip());
        json.writeObjectFieldStart("properties");
        json.writeNumberField("step", event.step());
        json.writeNumberField("cpu", event.cpu());
        json.writeNumberField("ordinal", event.ordinal());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** A file, and the line that the source names behind its colon; viewers look for a guest's files below GUEST. */
    private void file(String path, String source) throws IOException {
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(path));
        if (!source.isEmpty()) {
            json.writeStringField("uriBaseId", GUEST_BASE);
        }
        json.writeEndObject();
        if (!source.isEmpty()) {
            json.writeObjectFieldStart("region");
            json.writeNumberField(
                    "startLine", Math.max(1, Integer.parseInt(source.substring(source.lastIndexOf(':') + 1))));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static String uri(String path) {
        Path file = Path.of(path);
        try {
            return file.isAbsolute()
                    ? file.toUri().toString()
                    : new URI(null, null, path.replace('\\', '/'), null).toASCIIString();
        } catch (URISyntaxException e) {
            return file.toUri().toString();
        }
    }

    @Override
    public void end(Groups groups) {
        write(() -> {
            json.writeEndArray();
            json.writeArrayFieldStart("invocations");
            json.writeStartObject();
            json.writeBooleanField("executionSuccessful", unreadable.length() == 0);
            json.writeArrayFieldStart("toolExecutionNotifications");
            for (String line : unreadable.toString().lines().toList()) {
                json.writeStartObject();
                json.writeStringField("level", "error");
                text("message", line);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
        });
    }
}
