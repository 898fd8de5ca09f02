package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.JournalHeader;
import trapline.cli.ExitCode;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.journal.Journal;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.recording.Recipe;
import trapline.recording.Recording;
import trapline.scenario.Catalogue;

/** Runs again from what a reporter may have sent: recipe, bundle, slice, journal; true ones and altered ones. */
class ReproTest {

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private void ok(String... args) {
        assertThat(trapline.run(args)).as(trapline.err()).isEqualTo(ExitCode.CLEAN);
    }

    @BeforeEach
    void ownWorkload() throws IOException {
        byte[] object = Objects.requireNonNull(Catalogue.find("guest/workloads/plain-probe.o"));
        Files.createDirectory(folder.resolve("secret"));
        Files.write(folder.resolve("secret/mine.o"), object);
    }

    private JournalHeader header(String journal) throws IOException {
        try (Journal opened = Journal.open(folder.resolve(journal))) {
            return opened.header();
        }
    }

    @Test
    void aBundleCarriesAGuestThatTheCatalogueDoesNotHave() throws IOException {
        ok("record", "plain-probe", "--workload", in("secret/mine.o"), "-o", in("a.journal"));
        assertThat(trapline.err()).contains("no recipe: ", "trapline bundle");
        ok("bundle", in("a.journal"), "-o", in("a.trap"));
        Files.delete(folder.resolve("secret/mine.o"));
        for (String source : List.of("a.journal", "a.trap")) {
            ok("repro", in(source));
            assertThat(trapline.out()).as(source).startsWith("reproduced: ");
        }
        ok("unbundle", in("a.trap"), "-o", in("unpacked"));
        ok("repro", in("unpacked/a.journal"));
        assertThat(header("a.journal").scenario()).contains("mine.o").doesNotContain("secret");
        assertThat(header("a.journal").images().keySet())
                .containsExactly("runtime/runtime.o", "flows/linux-2.6.24.o", "workloads/mine.o");
    }

    @Test
    void theRecipeOfAPageIsReadBackFromThePageItself() throws IOException {
        ok("record", "plain-probe", "--seed", "7", "-o", in("a.journal"));
        ok("report", in("a.journal"), "-o", in("a.html"));
        ok("repro", in("a.html"));
        assertThat(trapline.out()).startsWith("reproduced: ");
        String page = Files.readString(folder.resolve("a.html"));
        int at = page.indexOf("trapline-recipe");
        Files.writeString(folder.resolve("copied.txt"), page.substring(at, page.indexOf("</pre>", at)));
        ok("repro", in("copied.txt"));
    }

    @Test
    void withoutItsGuestAJournalCannotBeRunAgain() throws IOException {
        ok("record", "plain-probe", "--workload", in("secret/mine.o"), "-o", in("a.journal"));
        Path object = folder.resolve("a.journal/guest/workloads/mine.o");
        Files.write(object, new byte[] {1});
        assertThat(trapline.run("repro", in("a.journal"))).isEqualTo(ExitCode.UNREADABLE);
        assertThat(trapline.err())
                .contains("has no guest/workloads/mine.o", "ask for a bundle")
                .hasLineCount(1);
        ok("bundle", in("a.journal"), "-o", in("a.trap"));
        assertThat(trapline.err()).contains("not in the bundle: workloads/mine.o", "--guest");
        ok("record", "plain-probe", "--workload", in("secret/mine.o"), "-o", in("a.journal"), "--force");
        ok("repro", in("a.journal"));
    }

    /** Where somebody pressed Ctrl-C is nothing of the scenario's; all before is. */
    @Test
    void anInterruptedRunIsReproducedUpToThere() throws IOException {
        Recording recording =
                Runs.prepare(Runs.scenario("pounding", new ScenarioOptions(), System.err), true, System.err);
        long[] left = {20_000};
        recording.run(folder.resolve("a.journal"), event -> {
            if (--left[0] == 0) {
                recording.interrupt();
            }
        });
        ok("info", in("a.journal"));
        assertThat(trapline.out()).contains("ended by interrupted");
        ok("repro", in("a.journal"));
        assertThat(trapline.out()).startsWith("reproduced: ");
        ok("bundle", in("a.journal"), "-o", in("a.trap"));
        ok("repro", in("a.trap"));
        ok("show", "--mail", "--kind", "halt", in("a.journal"));
        assertThat(trapline.out()).contains("no recipe, none would be enough").doesNotContain("trapline-recipe");
    }

    @Test
    void aScenarioOfTheUsersIsInTheRecipe() throws IOException {
        Files.writeString(folder.resolve("my.yaml"), """
                name: my-race        # of my own
                title: "A title that is not needed"
                flow: linux-2.6.24
                workload: disable-in-handler
                cpus: 2
                schedule:
                  kind: explicit
                  switches:
                    - {at: {arrival: wait_for_cpu_online, cpu: 0, count: 1}, to: 1}
                    - {at: {arrival: workload_cpu, cpu: 1, count: 1}, to: 0}
                    - {at: {arrival: do_int3, cpu: 0, count: 2}, to: 1}
                """);
        ok("record", in("my.yaml"), "-o", in("a.journal"));
        String recipe = trapline.err().substring(trapline.err().indexOf("trapline-recipe"));
        assertThat(recipe.getBytes(StandardCharsets.US_ASCII)).hasSizeLessThanOrEqualTo(Recipe.BYTES_MAX);
        Files.writeString(folder.resolve("mail.txt"), "Hi,\n" + recipe.replaceAll("(?m)^", "> "));
        ok("repro", in("mail.txt"));
        ok("record", in("my.yaml"), "--seed", "7", "--set", "schedule.quantum=90", "-o", in("b.journal"));
        Files.writeString(folder.resolve("mail.txt"), trapline.err());
        ok("repro", in("mail.txt"));
    }

    @Test
    void aScenarioThatDoesNotFitARecipeIsInTheBundle() throws IOException {
        StringBuilder yaml = new StringBuilder("name: long\nflow: linux-2.6.24\nworkload: plain-probe\ninject:\n");
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            yaml.append("  - {what: nmi, at: {step: ")
                    .append(20_000 + 9 * random.nextInt(1000))
                    .append("}}\n");
        }
        Files.writeString(folder.resolve("long.yaml"), yaml);
        ok("record", in("long.yaml"), "-o", in("a.journal"));
        assertThat(trapline.err()).contains("no recipe: the scenario does not fit into 512 bytes; 'trapline bundle ");
        assertThat(trapline.run("show", "--mail", "--to", "100", in("a.journal")))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.out()).contains("ask for the bundle");
        Files.writeString(folder.resolve("mail.txt"), trapline.out());
        assertThat(trapline.run("repro", in("mail.txt"))).isEqualTo(ExitCode.UNREADABLE);
        assertThat(trapline.err()).contains("ask for the bundle");
        ok("bundle", in("a.journal"), "-o", in("a.trap"));
        ok("repro", in("a.trap"));
    }

    @Test
    void aSliceIsComparedEventForEvent() throws IOException {
        ok("record", "plain-probe", "-o", in("a.journal"));
        ok("bundle", in("a.journal"), "--around", "7300", "-o", in("a.trap"));
        ok("repro", in("a.trap"));
        ok("unbundle", in("a.trap"), "-o", in("unpacked"));
        // Unpacked it is a journal with events missing before and behind, and ends as any such journal does.
        assertThat(trapline.run("repro", in("unpacked/a.journal"))).isEqualTo(ExitCode.LOSSY);
        assertThat(trapline.err()).contains("the events that can be read are the same");
    }

    /** A journal that says something else, whole in itself: its blocks, checksums and digest all fit. */
    private long alter(String from, String to, String ending) throws IOException {
        List<Event> events = new ArrayList<>();
        JournalHeader header = header(from);
        try (Journal journal = Journal.open(folder.resolve(from))) {
            journal.read(e -> events.add(e.copy()));
        }
        int at = events.size() / 2;
        while (events.get(at).kind() != EventKind.EFLAGS_WRITE) {
            at++;
        }
        Event event = events.get(at);
        event.set(EflagsWrite.NEW, event.value(EflagsWrite.NEW) ^ 0x40);
        List<Event> written = ending.equals("cut") ? events.subList(0, at) : events;
        try (JournalWriter writer = JournalWriter.create(folder.resolve(to), header, JournalOptions.DEFAULT)) {
            written.forEach(writer::accept);
            writer.finish();
        }
        return at;
    }

    @Test
    void theFirstAlteredEventIsShownWithBothStates() throws IOException {
        ok("record", "plain-probe", "-o", in("a.journal"));
        long at = alter("a.journal", "b.journal", "");
        ok("doctor", in("b.journal"));
        ok("bundle", in("b.journal"), "-o", in("b.trap"));
        for (String source : List.of("b.journal", "b.trap")) {
            assertThat(trapline.run("repro", in(source))).as(trapline.err()).isEqualTo(ExitCode.NOT_REPRODUCED);
            Map<String, String> lines = new LinkedHashMap<>();
            trapline.out()
                    .lines()
                    .skip(1)
                    .forEach(l -> lines.put(l.replaceFirst(": .*", ""), l.replaceFirst("[^:]*: ", "")));
            assertThat(trapline.out()).startsWith("NOT reproduced\n");
            assertThat(lines.keySet())
                    .containsExactly("event", "recorded", "repeated", "stateRecorded", "stateRepeated");
            assertThat(lines).containsEntry("event", Long.toString(at));
            assertThat(lines.get("recorded")).isNotEqualTo(lines.get("repeated"));
            assertThat(lines.get("stateRecorded"))
                    .isEqualTo(lines.get("stateRepeated"))
                    .contains("kprobe_status=", " eflags ");
        }
        assertThat(trapline.run("repro", "--json", in("b.trap"))).isEqualTo(ExitCode.NOT_REPRODUCED);
        assertThat(trapline.out()).contains("\"reproduced\" : false", "\"firstDifference\"");
    }

    @Test
    void aJournalThatEndsTooEarlyDiffersAtItsEnd() throws IOException {
        ok("record", "plain-probe", "-o", in("a.journal"));
        long at = alter("a.journal", "b.journal", "cut");
        assertThat(trapline.run("repro", in("b.journal"))).isEqualTo(ExitCode.NOT_REPRODUCED);
        assertThat(trapline.out()).contains("event: " + at + "\nrecorded: (ended)\n");
    }
}
