package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same scenario gives the same events: again, watched, on another Java, from a recipe in a mail. */
class SameRunTest {

    @TempDir
    Path folder;

    private String digest(Executable trapline, String scenario, String journal, String... more) throws Exception {
        return Recorded.record(trapline, scenario, folder.resolve(journal), more)
                .get("digest")
                .asText();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain-probe",
                "reenter-in-pre-handler",
                "probe-on-int3",
                "d2",
                "d7",
                "d15-seeded",
                "bug-41",
                "bug-58"
            })
    void twoRunsAndACheckedOneAreEqual(String scenario) throws Exception {
        Executable trapline = Executable.trapline(folder);
        String digest = digest(trapline, scenario, "1.journal");
        assertThat(digest).matches("[0-9a-f]{64}");
        assertThat(digest(trapline, scenario, "2.journal")).isEqualTo(digest);
        assertThat(digest(trapline, scenario, "3.journal", "--check")).isEqualTo(digest);
        assertThat(Files.mismatch(folder.resolve("1.journal/19700101F.cq4"), folder.resolve("2.journal/19700101F.cq4")))
                .as("the files are equal too")
                .isEqualTo(-1);
    }

    @Test
    void aPointAtAnEflagsWriteComesAtTheSameOneHoweverTheRunIsRecorded() throws Exception {
        Executable trapline = Executable.trapline(folder);
        Path scenario = Files.writeString(folder.resolve("s.yaml"), """
                name: s
                flow: linux-2.6.24
                workload: plain-probe
                inject: [{at: {event: eflags_write, count: 4000}, what: nmi}]
                """);
        String digest = digest(trapline, scenario.toString(), "1.journal");
        assertThat(trapline.run("show", "1.journal").out()).contains(" inject  nmi");
        assertThat(digest(trapline, scenario.toString(), "2.journal", "--check"))
                .isEqualTo(digest);
        assertThat(digest(trapline, scenario.toString(), "3.journal", "--sync")).isEqualTo(digest);
    }

    @Test
    void everyJavaGivesTheSame() throws Exception {
        List<Jdk> jdks = Jdk.installed().toList();
        assumeTrue(jdks.size() > 1, "only one supported Java is installed here: " + jdks);
        for (String scenario : List.of("plain-probe", "reenter-in-pre-handler", "probe-on-int3", "d15-seeded")) {
            String first = "";
            for (Jdk jdk : jdks) {
                String name = scenario + "-" + jdk.feature() + ".journal";
                String digest = digest(Executable.trapline(folder).on(jdk), scenario, name);
                first = first.isEmpty() ? digest : first;
                assertThat(digest).as("%s on %s", scenario, jdk).isEqualTo(first);
            }
        }
    }

    @Test
    void seedsDecideAndNothingElse() throws Exception {
        Executable trapline = Executable.trapline(folder);
        String one = digest(trapline, "d15-seeded", "1.journal", "--seed", "1");
        assertThat(digest(trapline, "d15-seeded", "2.journal", "--seed", "2")).isNotEqualTo(one);
        assertThat(digest(trapline, "d15-seeded", "3.journal", "--seed", "1")).isEqualTo(one);
    }

    @Test
    void aRecipeQuotedInAMailReproducesTheRun() throws Exception {
        Executable trapline = Executable.trapline(folder);
        JsonNode recorded = Recorded.record(
                trapline, "d7", folder.resolve("d7.journal"), "--flow", "patch-2008-01-01", "--eflags", "control");
        String recipe = recorded.get("recipe").asText();
        assertThat(recipe.length()).isLessThanOrEqualTo(512);
        String mail = "Hi,\r\n> > " + recipe.strip().replace("\n", "\r\n> > ") + "\r\n\r\nIt dies for me too.\r\n";
        Files.writeString(folder.resolve("mail.txt"), mail);
        Executable.Result result = trapline.run("repro", "mail.txt");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .isEqualTo("reproduced: " + recorded.get("digest").asText() + "\n");
    }

    @Test
    void aJournalReproducesItself() throws Exception {
        Executable trapline = Executable.trapline(folder);
        digest(trapline, "plain-probe", "x.journal", "--set", "limits.instructions=900000");
        assertThat(trapline.run("repro", "x.journal").exitCode()).isZero();
    }

    @Test
    void aDifferentDigestIsNotReproduced() throws Exception {
        Executable trapline = Executable.trapline(folder);
        String recipe = Recorded.record(trapline, "d15-seeded", folder.resolve("1.journal"), "--seed", "1")
                .get("recipe")
                .asText();
        Files.writeString(folder.resolve("damaged.txt"), recipe.replace("seed=1", "seed=2"));
        Executable.Result result = trapline.run("repro", "damaged.txt");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .isEqualTo("trapline: damaged.txt: the recipe is damaged: its checksum is wrong;"
                        + " copy it again, all of it\n");
    }
}
