package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong input ends with the right code and one line that says where and what. */
class BadInputTest {

    private static final String HEAD = "name: x\nflow: linux-2.6.24\nworkload: plain-probe\n";

    @TempDir
    Path folder;

    private void refused(int exitCode, String line, String... arguments) throws Exception {
        Executable.Result result = Executable.trapline(folder).run(arguments);
        assertThat(result.err()).startsWith("trapline: ").contains(line);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
    }

    private void scenario(String text) throws Exception {
        Files.writeString(folder.resolve("s.yaml"), text);
    }

    @Test
    void scenariosThatAreNotThere() throws Exception {
        refused(2, "nosuch: no such file, and no scenario of that name", "record", "nosuch");
        refused(4, "no/such: no such file, and no scenario of that name", "record", "no/such");
        refused(2, "record needs a SCENARIO, --guest ELF or --linux KERNEL", "record");
        refused(2, "--seed", "record", "plain-probe", "--seed", "many");
    }

    @Test
    void scenariosThatAreWrong() throws Exception {
        scenario(HEAD + "flaw: 1\n");
        refused(4, "s.yaml:4:1: unknown key 'flaw'; did you mean 'flow'?", "record", "s.yaml");
        scenario(HEAD + "cpus: [2]\n");
        refused(4, "s.yaml:4:7: 'cpus' must be a whole number, not a list", "record", "s.yaml");
        scenario("name: x\nflow: my.c\nworkload: plain-probe\n");
        refused(4, "s.yaml:2:7: no such file: my.c", "record", "s.yaml");
        scenario(HEAD + "inject: [{what: nmi, at: {arrival: no_such_symbol}}]\n");
        refused(4, "s.yaml:4:10: the guest has no symbol 'no_such_symbol'", "record", "s.yaml");
        scenario("name: [x\n");
        refused(4, "s.yaml:1:9: not valid YAML", "record", "s.yaml");
        scenario("\u0000\u0001");
        refused(4, "s.yaml:1:", "record", "s.yaml");
    }

    @Test
    void everyProblemHasALineOfItsOwn() throws Exception {
        scenario(HEAD + "flaw: 1\ncpus: two\n");
        Executable.Result result = Executable.trapline(folder).run("record", "s.yaml");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err().lines())
                .containsExactlyInAnyOrder(
                        "trapline: s.yaml:4:1: unknown key 'flaw'; did you mean 'flow'?",
                        "trapline: s.yaml:5:7: 'cpus' must be a whole number, not text");
    }

    @Test
    void overridesThatDoNotFit() throws Exception {
        refused(2, "--cpus: 'cpus' must be between 1 and 8, not 99", "record", "plain-probe", "--cpus", "99");
        refused(2, "--set needs KEY=VALUE", "record", "plain-probe", "--set", "cpus");
        refused(2, "--flow: no flow 'linux-9' in the catalogue", "record", "plain-probe", "--flow", "linux-9");
        refused(4, "--workload: no such file: ./w.o", "record", "plain-probe", "--workload", "./w.o");
    }

    @Test
    void guestsThatAreNoGuests() throws Exception {
        Files.writeString(folder.resolve("text.elf"), "hello");
        refused(4, "text.elf: offset 0x0: not an ELF file", "record", "--guest", "text.elf");
        Files.write(folder.resolve("w.o"), new byte[] {0x7f, 'E', 'L', 'F'});
        refused(4, "w.o: offset 0x0: not an ELF file", "record", "plain-probe", "--workload", "./w.o");
        refused(4, "no such file", "record", "--guest", "nosuch.elf");
    }

    @Test
    void anExistingJournalStays() throws Exception {
        Executable trapline = Executable.trapline(folder);
        Path journal = folder.resolve("plain-probe.journal");
        Recorded.record(trapline, "plain-probe", journal);
        refused(2, "plain-probe.journal: exists already", "record", "plain-probe");
        assertThat(trapline.run("record", "plain-probe", "--force").exitCode()).isZero();
        Path other = Files.createDirectory(folder.resolve("precious"));
        Files.writeString(other.resolve("thesis.txt"), "years of work");
        refused(
                2,
                "precious: holds thesis.txt, so it is not a journal",
                "record",
                "plain-probe",
                "--force",
                "-o",
                "precious");
        assertThat(other.resolve("thesis.txt")).hasContent("years of work");
    }

    @Test
    void nothingIsMadeAboveWhatIsNamed() throws Exception {
        Files.writeString(folder.resolve("taken"), "mine");
        refused(2, "none/x.journal: there is no directory none", "record", "plain-probe", "-o", "none/x.journal");
        refused(2, "taken/x.journal: there is no directory taken", "record", "plain-probe", "-o", "taken/x.journal");
        refused(2, "none/tour: there is no directory none", "tour", "-o", "none/tour");
        refused(2, "taken: is a file; name a directory", "tour", "-o", "taken");
        refused(2, "none/x.journal: there is no directory none", "repro", "nosuch", "-o", "none/x.journal");
        refused(2, "taken: exists already", "repro", "nosuch", "-o", "taken");
        assertThat(folder.resolve("none")).doesNotExist();
        assertThat(folder.resolve("taken")).hasContent("mine");
    }

    @Test
    void reproOfThingsThatAreNoRecipes() throws Exception {
        Files.writeString(folder.resolve("mail.txt"), "nothing here");
        refused(4, "mail.txt: neither a journal nor a text with a recipe", "repro", "mail.txt");
        refused(4, "nosuch: no such file or directory", "repro", "nosuch");
        Files.createDirectory(folder.resolve("empty"));
        refused(4, "empty: is not a journal", "repro", "empty");
    }
}
