package trapline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;
import trapline.cli.WholeOutput;
import trapline.samples.CapturedTrapline;
import trapline.security.DamagedJournals.Damage;

/** One set of damaged journals and bundles, every command that reads: the exit codes follow one rule. */
class ExitCodesTest {

    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private Path record(String scenario, String name) {
        Path journal = folder.resolve(name);
        assertThat(trapline.run("record", scenario, "-o", journal.toString()))
                .as(trapline.err())
                .isEqualTo(ExitCode.CLEAN);
        return journal;
    }

    /** Every command that takes a journal; those that write do so to {@code OUT}. */
    private static List<String> commands() {
        return List.of(
                "check PATH",
                "check PATH --json",
                "check PATH --format ktap",
                "info PATH",
                "show PATH",
                "show PATH --mail",
                "replay PATH --at 7000",
                "blame PATH --at 7400 --what TF",
                "latency PATH",
                "diff PATH PATH",
                "diff GOOD PATH",
                "diff PATH GOOD",
                "report PATH -o OUT",
                "report GOOD PATH -o OUT",
                "export PATH --to csv -o OUT",
                "export PATH --to perfetto -o OUT",
                "doctor PATH",
                "recover PATH -o OUT",
                "bundle PATH -o OUT",
                "unbundle PATH -o OUT",
                "repro PATH");
    }

    @Test
    void followOneRule() throws IOException {
        Path good = record("plain-probe", "good.journal");
        Path bundle = folder.resolve("good.trap");
        trapline.run("bundle", good.toString(), "-o", bundle.toString());
        Map<Path, Damage> set =
                new DamagedJournals(folder, good, record("probe-on-int3", "other.journal"), bundle).make();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<Path, Damage> one : set.entrySet()) {
            for (String command : commands()) {
                wrong.addAll(wrong(command, good, one.getKey(), one.getValue()));
            }
        }
        assertThat(wrong).isEmpty();
    }

    private List<String> wrong(String command, Path good, Path path, Damage damage) throws IOException {
        Path out = folder.resolve("out");
        ExitCode code = trapline.run(command.replace("PATH", path.toString())
                .replace("GOOD", good.toString())
                .replace("OUT", out.toString())
                .split(" "));
        List<String> wrong = new ArrayList<>();
        ExitCode expected = expected(command, path, damage);
        String what = command.replace("PATH", path.getFileName().toString());
        if (code != expected) {
            wrong.add(what + ": " + code + " instead of " + expected + ": " + trapline.err());
        }
        long lines = trapline.err()
                .lines()
                .filter(line -> !line.contains("journals judged"))
                .count();
        boolean onlyErrors = !command.startsWith("doctor"); // whose data it is
        if (damage == Damage.ALL && onlyErrors && lines != 1) {
            wrong.add(what + ": not one line: " + trapline.err());
        }
        if (damage == Damage.ALL && Files.exists(out)) {
            wrong.add(what + ": leaves something behind");
        }
        WholeOutput.removeTree(out);
        return wrong;
    }

    private static ExitCode expected(String command, Path path, Damage damage) {
        boolean unpacks = command.startsWith("unbundle");
        if (unpacks && (damage == Damage.DIRECTORY || !path.toString().endsWith(".trap"))) {
            return ExitCode.UNREADABLE;
        }
        // These ask for all of it.
        boolean asksForAll = switch (damage) {
            case HARMLESS, DIRECTORY -> command.matches("(doctor|info) .*");
            case PARTS -> unpacks || command.startsWith("doctor");
            default -> false;
        };
        return asksForAll ? ExitCode.LOSSY : damage.code();
    }
}
