package trapline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Codes that people, recipes and journals know scenarios and flows by, and flows that are patches. */
class CodesTest {

    private static final Path FLOWS = Path.of("../samples/guest/flows");

    private static String text(String path) {
        return new String(Objects.requireNonNull(Catalogue.find(path), path), StandardCharsets.UTF_8);
    }

    @Test
    void aScenarioThatIsAskedForByItsCodeGoesByIt() throws ScenarioException {
        Scenario named = ScenarioReader.read("nmi-during-step", new Overrides());
        assertThat(Codes.ofScenario(named.name())).containsExactly("d7");
        for (String code : List.of("d7", "D7")) {
            Scenario coded = ScenarioReader.read(code, new Overrides());
            assertThat(coded.name()).isEqualTo("d7");
            assertThat(coded.catalogue()).isEqualTo("d7");
            assertThat(coded.points())
                    .hasToString(named.points().toString().replace("nmi-during-step.yaml", "d7.yaml"));
            assertThat(coded.yaml()).startsWith("name: d7\ntitle: ").doesNotContain("covers");
        }
        assertThatThrownBy(() -> ScenarioReader.read("d77", new Overrides())).hasMessageContaining("d77: no such file");
    }

    /** What was recorded of a flow under its old name is made again: objects by name, bytes and all. */
    @Test
    void aFlowGoesByTheNameThatItIsAskedForBy() throws ScenarioException {
        assertThat(Codes.ofFlow("linux-2.6.24-with-bug-04")).isEqualTo("bug-04");
        assertThat(Codes.ofFlow("linux-2.6.24")).isEmpty();
        assertThat(Catalogue.find("guest/flows/bug-04.o"))
                .isEqualTo(Catalogue.find("guest/flows/linux-2.6.24-with-bug-04.o"));
        assertThat(Catalogue.has("guest/flows/bug-05.o")).isFalse();
        Scenario coded = ScenarioReader.read("bug-04", new Overrides());
        assertThat(Objects.requireNonNull(coded.flow()).name()).isEqualTo("bug-04");
        Scenario named = ScenarioReader.read("vanished-breakpoint", new Overrides());
        assertThat(Objects.requireNonNull(named.flow()).name()).isEqualTo("linux-2.6.24-with-bug-04");
    }

    @Test
    void everyNameSaysWhetherTheFlowHasTheBug() {
        List<String> patched = Catalogue.names("guest/flows/bugs", ".patch");
        assertThat(patched).hasSize(11).allMatch(name -> name.matches(".*-with(out)?-bug-\\d\\d"));
        for (String name : patched) {
            FlowPatch patch = Objects.requireNonNull(Codes.patch(name));
            assertThat(name).startsWith(patch.parent() + "-with");
            assertThat(patch.alias().matches("bug-\\d\\d")).as(name).isEqualTo(name.contains("-with-"));
            assertThat(patch.title()).isNotEmpty();
        }
    }

    @Test
    void theWholeCOfAPatchedFlowIsShown() throws Exception {
        String parent = Files.readString(FLOWS.resolve("linux-2.6.24.c"));
        String whole = text("guest/flows/linux-2.6.24-with-bug-04.c");
        assertThat(text("guest/flows/bug-04.c")).isEqualTo(whole);
        assertThat(whole)
                .startsWith("/* 2.6.24 with the bug that bce0649417d cured")
                .doesNotContain("As above: a breakpoint removed");
        assertThat(whole.lines().count()).isEqualTo(parent.lines().count() - 2);
    }

    @Test
    void aPatchForAnotherParentIsRefused() {
        FlowPatch patch = Objects.requireNonNull(Codes.patch("linux-2.6.24-with-bug-04"));
        assertThatThrownBy(() -> patch.apply(text("guest/flows/linux-3.16.c")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("line 1 of linux-2.6.24 is not ");
    }

    @Test
    void patchesChangeAddAndRemoveLines() {
        FlowPatch patch = FlowPatch.parse("""
                From: p
                Subject: s
                Alias: a

                --- a/p.c
                +++ b/a.c
                @@ -1,2 +1,3 @@
                 one
                +one and a half
                 two
                @@ -5 +6 @@
                -five
                +5
                """);
        assertThat(patch.apply("one\ntwo\nthree\nfour\nfive\nsix\n"))
                .isEqualTo("one\none and a half\ntwo\nthree\nfour\n5\nsix\n");
    }
}
