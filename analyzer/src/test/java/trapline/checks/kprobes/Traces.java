package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Finding;
import trapline.events.EventConsumer;
import trapline.text.EventTextFile;

/** Streams in text form among the test resources, and what the checks say about them. */
public final class Traces {

    private Traces() {}

    public static EventTextFile load(String name) throws IOException {
        String file = name + ".events";
        try (InputStream in =
                Objects.requireNonNull(Traces.class.getResourceAsStream("/trapline/checks/" + file), file)) {
            return EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), file);
        }
    }

    /**
     * A trace with other lines: pairs of what stands there, which must occur, and what is to stand there instead.
     */
    static EventTextFile edited(String name, String... replacements) throws IOException {
        String text = load(name).format();
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(text).as(name).contains(replacements[i]);
            text = text.replace(replacements[i], replacements[i + 1]);
        }
        return EventTextFile.parse(text, name);
    }

    /** A trace less the lines in which any of some words stand, each of which must occur. */
    static EventTextFile without(String name, String... words) throws IOException {
        String text = load(name).format();
        assertThat(text).as(name).contains(words);
        String rest = text.lines()
                .filter(line -> line.startsWith("@") || Arrays.stream(words).noneMatch(line::contains))
                .collect(Collectors.joining("\n", "", "\n"));
        return EventTextFile.parse(rest, name);
    }

    /** A trace as far as the first line in which a word stands, which must occur, and how it goes on instead. */
    static EventTextFile until(String name, String word, String events) throws IOException {
        return until(load(name), word, events);
    }

    static EventTextFile until(EventTextFile trace, String word, String events) {
        String text = trace.format();
        assertThat(text).contains(word);
        String begin = text.substring(0, text.lastIndexOf('\n', text.indexOf(word)) + 1);
        return EventTextFile.parse(begin + events, word);
    }

    /** The tables of a trace with other events. */
    public static EventTextFile with(String name, String events) throws IOException {
        String header = new EventTextFile(load(name).tables(), List.of()).format();
        return EventTextFile.parse(header + events, name);
    }

    static List<CheckResult> judge(EventTextFile trace) throws IOException {
        CheckRun run = new CheckRun(trace.tables(), Checks.all());
        feed(trace, run);
        return run.results(true, consumer -> feed(trace, consumer));
    }

    private static void feed(EventTextFile trace, EventConsumer consumer) {
        trace.events().forEach(consumer::accept);
    }

    static CheckResult result(String trace, String check) throws IOException {
        return result(load(trace), check);
    }

    /** What a check finds, its sentences one after the other; its verdict where it finds nothing. */
    static String said(EventTextFile trace, String check) throws IOException {
        CheckResult result = result(trace, check);
        return result.findings().isEmpty()
                ? result.verdict().toString()
                : result.findings().stream().map(Finding::sentence).collect(Collectors.joining("; "));
    }

    static CheckResult result(EventTextFile trace, String check) throws IOException {
        return judge(trace).stream()
                .filter(r -> r.info().id().equals(check))
                .findFirst()
                .orElseThrow();
    }
}
