package trapline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.record.RecorderCommands;
import trapline.samples.CapturedTrapline;

/** No command prints a character that cannot be seen, whatever names are made of. */
class VisibleTextTest {

    private static final String HOSTILE = "x\u001b[31m\u009b\u202e\u2066\u0007\rPASS";

    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private String mail(String journal) throws IOException {
        trapline.run("show", "--mail", journal);
        return Files.writeString(folder.resolve("mail"), trapline.out()).toString();
    }

    /** A journal in a place with a hostile name, and one of hostile names inside. */
    private List<String> journals() throws IOException {
        Path place = Files.createDirectory(folder.resolve(HOSTILE.replace("/", "")));
        String journal = place.resolve("a\nPASS all.journal").toString();
        trapline.run("record", "t8", "-o", journal);
        return List.of(journal, folder.resolve("none" + HOSTILE).toString());
    }

    private void isVisible(String... words) {
        trapline.run(words);
        for (String text : List.of(trapline.out(), trapline.err())) {
            assertThat(text.codePoints()
                            .filter(c -> c != '\n' && c != '\t')
                            .filter(c -> Character.getType(c) == Character.CONTROL
                                    || Character.getType(c) == Character.FORMAT
                                    || Character.getType(c) == Character.LINE_SEPARATOR)
                            .count())
                    .as(String.join(" ", words))
                    .isZero();
            assertThat(text.lines()).as(String.join(" ", words)).noneMatch(line -> line.startsWith("PASS all"));
        }
    }

    @Test
    void noCommandPrintsWhatCannotBeSeen() throws IOException {
        for (String journal : journals()) {
            for (String command : List.of("info", "check", "show", "doctor", "latency", "repro", "blame")) {
                isVisible(command, journal);
                isVisible(command, journal, "--json");
            }
            // Without --at it reads keys from standard input, which here is the build's.
            isVisible("replay", journal, "--at", "7400");
            isVisible("replay", journal, "--at", "7400", "--json");
            for (String format : List.of("text", "json", "junit", "sarif", "ktap")) {
                isVisible("check", journal, "--format", format);
            }
            isVisible("diff", journal, journal);
            isVisible("export", journal, "--to", "csv");
            isVisible("report", journal, "-o", folder.resolve("r.html").toString());
            isVisible("bundle", journal, "-o", folder.resolve(HOSTILE + ".trap").toString());
            isVisible(
                    "unbundle",
                    folder.resolve(HOSTILE + ".trap").toString(),
                    "-o",
                    folder.resolve("u").toString());
            isVisible("recover", journal, "-o", folder.resolve(HOSTILE + "2").toString());
            isVisible(
                    "import",
                    "--from",
                    "mail",
                    mail(journal),
                    "-o",
                    folder.resolve(HOSTILE + "3").toString());
        }
        isVisible("check", folder.toString());
        isVisible(HOSTILE);
        isVisible("check", "--" + HOSTILE);
        isVisible("check", "x", "--monitor", HOSTILE);
    }

    /** Names that are wrong, given to every command there is, in every place. */
    @Test
    void noCommandPrintsItsWordsAsTheyAre() {
        String file = folder.resolve("none" + HOSTILE).toString();
        for (String command : RecorderCommands.table().makers().keySet()) {
            isVisible(command, "--" + HOSTILE);
            isVisible(command, "--help", HOSTILE);
            if (!command.equals("tour")) { // takes no words, and runs for a minute
                isVisible(command, file, "-o", folder.resolve(HOSTILE).toString());
                isVisible(command, file, file, "--json");
            }
        }
        for (String option : List.of("--flow", "--workload", "--guest", "--linux", "--set", "--seed", "--cpus")) {
            isVisible("record", "plain-probe", option, HOSTILE);
        }
        for (String option : List.of("--monitor", "--format", "--verify")) {
            isVisible("check", file, option, HOSTILE);
        }
        isVisible("check", file, "--resume", file + "/" + HOSTILE);
        isVisible("windows", "plain-probe", "--inject", HOSTILE);
        isVisible("compare", HOSTILE, "--flows", HOSTILE);
    }

    @Test
    void noScenarioDoesEither() throws IOException {
        for (String key : List.of("name", "title", "flow", "workload", HOSTILE)) {
            String yaml = "name: s\ntitle: t\nflow: linux-2.6.24\nworkload: plain-probe\n"
                            .replaceFirst("(?m)^" + Pattern.quote(key) + ":.*", "")
                    + "\"" + key.replace("\u001b", "\\e").replace("\r", "\\r").replace("\u0007", "\\a")
                    + "\": \"x\\e[31m\\u202e\\nPASS all\"\n";
            Path file = Files.write(folder.resolve("s.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
            isVisible(
                    "record", file.toString(), "-o", folder.resolve("s.journal").toString());
        }
    }
}
