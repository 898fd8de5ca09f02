package trapline.qemu;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.kprobes.Checks;
import trapline.events.Event;
import trapline.source.qemu.Probe;
import trapline.source.qemu.QemuLog;

/** Logs of real kernels in the test resources, each with the console of its run. */
final class Captures {

    private Captures() {}

    /** What became of a log. */
    record Result(QemuLog.Summary summary, List<Event> events, List<CheckResult> checks) {

        Probe probe(String name) {
            return summary.probes().stream()
                    .filter(probe -> probe.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        CheckResult check(String id) {
            return checks.stream()
                    .filter(result -> result.info().id().equals(id))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static byte[] log(String name) {
        try (InputStream in = new GZIPInputStream(resource(name + ".int.log.gz"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InputStream resource(String name) {
        return Objects.requireNonNull(Captures.class.getResourceAsStream(name), name);
    }

    /** Imports and judges a log that goes with the console of a capture. */
    static Result judge(byte[] log, String console) throws IOException {
        QemuLog qemu = new QemuLog();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(resource(console + ".console.txt"), StandardCharsets.ISO_8859_1))) {
            qemu.text(in);
        }
        qemu.survey(new ByteArrayInputStream(log), bytes -> {});
        CheckRun run = new CheckRun(qemu.header(console, "test").textTables(), Checks.all());
        List<Event> events = new ArrayList<>();
        QemuLog.Summary summary = qemu.read(
                new ByteArrayInputStream(log),
                event -> {
                    Event copy = event.ordinal(events.size()).copy();
                    events.add(copy);
                    run.accept(copy);
                },
                bytes -> {});
        return new Result(summary, events, run.results(true, to -> events.forEach(to::accept)));
    }
}
