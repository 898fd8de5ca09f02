package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;
import trapline.scenario.Catalogue;

/** The answer to a posting: what is worse, what is not, and that nothing is said of what did not change. */
class ReviewCommandTest {

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private ExitCode review(String... args) {
        List<String> all = new ArrayList<>(List.of("review", "--again", "3"));
        all.addAll(List.of(args));
        return trapline.run(all.toArray(new String[0]));
    }

    private static String flow(String name) {
        byte[] source = Catalogue.find("guest/flows/" + name + ".c");
        return new String(Objects.requireNonNull(source), StandardCharsets.UTF_8);
    }

    private Path file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(trapline.out());
    }

    /** Review point 3 of the mail of 2008-01-02, row D7, and what that mail overlooked, bug 48c. */
    @Test
    void thePostedPatchIsAnsweredWithWhatTheMailSaidAndWhatItOverlooked() {
        assertThat(review(
                        "patch-2008-01-01",
                        "--base",
                        "linux-2.6.24",
                        "--scenarios",
                        "nmi-during-step,unregistered-between-reads,plain-probe"))
                .isEqualTo(ExitCode.FINDING);
        String mail = trapline.out();
        assertThat(mail)
                .contains("> +            case KPROBE_HIT_SS:")
                .contains("> +    if (*addr != BREAKPOINT_INSTRUCTION) {")
                .contains(">> nmi-during-step: DIES, INT3-OWNERSHIP")
                .contains(">> unregistered-between-reads: DIES, INT3-OWNERSHIP")
                .contains("Reproduced 3 of 3:")
                .contains("trapline-recipe 1 ")
                .contains(">> nmi at ")
                .contains(">> switch at ")
                .contains("\nReported-by: ")
                .contains("\nCloses: https://lore.kernel.org/r/trapline-");
        assertThat(mail.lines()).allMatch(line -> line.length() <= 72);
    }

    @Test
    void oneFindingFitsOnAPage() {
        assertThat(review("patch-2008-01-01", "--scenarios", "nmi-during-step")).isEqualTo(ExitCode.FINDING);
        assertThat(trapline.out().lines().count()).isLessThanOrEqualTo(60);
    }

    @Test
    void aHandlerAgainstItselfIsNoChangeInTwelveLines() {
        assertThat(review("linux-2.6.24", "--scenarios", "nmi-during-step,plain-probe"))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.out()).contains("No change: ");
        assertThat(trapline.out().lines().count()).isLessThanOrEqualTo(12);
    }

    /** Names, order, comments, helpers: other code, and the same handler. */
    @Test
    void aHandlerThatIsOnlyWrittenDifferentlyIsNoChange() throws Exception {
        String same = flow("linux-2.6.24")
                .replace("kcb", "ctl")
                .replace(
                        "    preempt_disable();\n    ctl = get_kprobe_ctlblk();\n",
                        "    ctl = get_kprobe_ctlblk();\n    preempt_disable();\n")
                .replace("int ret = 0;", "int answer = 0;")
                .replace("ret = 1;", "answer = 1;")
                .replace("return ret;", "return answer; /* said once */");
        Path file = file("same.c", same);
        assertThat(review(file.toString(), "--scenarios", "nmi-during-step,unregistered-between-reads,plain-probe"))
                .as(trapline.out() + trapline.err())
                .isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.out()).contains("No change: ");
    }

    /** What fails with both is counted, and is an error only for who asks. */
    @Test
    void whatTheBaseHasTooIsOnlyCounted() {
        String[] args = {"linux-2.6.24", "--scenarios", "fault-in-step", "--inject", "none"};
        assertThat(review(args)).isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.out())
                .contains("1 scenario fails with linux-2.6.24 already")
                .doesNotContain(">>");
        assertThat(review("--strict", args[0], args[1], args[2], args[3], args[4]))
                .isEqualTo(ExitCode.FINDING);
    }

    @Test
    void aMailWithAPatchIsAnsweredToItsAuthor() throws Exception {
        String diff = "--- a/flows/linux-2.6.24.c\n+++ b/flows/linux-2.6.24.c\n@@ -31,3 +31,4 @@\n"
                + hunk(
                        "            kprobes_inc_nmissed_count(p);",
                        "            kprobes_inc_nmissed_count(p);\n+            kprobes_inc_nmissed_count(p);");
        Path mail = file(
                "posting.eml",
                "From: An Author <author@example.org>\nDate: Tue, 1 Jan 2008 12:00:00 +0530\n"
                        + "Subject: [PATCH] count twice\nMessage-ID: <1@example.org>\n\nBetter safe.\n\n" + diff);
        assertThat(review(mail.toString(), "--scenarios", "reenter-in-pre-handler", "--inject", "none"))
                .as(trapline.err())
                .isEqualTo(ExitCode.FINDING);
        assertThat(trapline.out())
                .startsWith("To: An Author <author@example.org>")
                .contains("Subject: Re: [PATCH] count twice", "In-Reply-To: <1@example.org>")
                .contains("On Tue, 1 Jan 2008 12:00:00 +0530, An Author wrote:\n")
                .contains("> +            kprobes_inc_nmissed_count(p);")
                .contains(">> reenter-in-pre-handler: ");
    }

    /** A line of the flow with what the patch makes of it, as the body of a hunk with one line of context around it. */
    private static String hunk(String line, String change) {
        List<String> lines = flow("linux-2.6.24").lines().toList();
        int at = lines.indexOf(line);
        return " " + lines.get(at - 1) + "\n " + change + "\n " + lines.get(at + 1) + "\n";
    }

    @Test
    void everyFormIsWrittenAndJournalsStay() throws Exception {
        Path out = folder.resolve("out");
        assertThat(review("patch-2008-01-01", "--scenarios", "nmi-during-step", "-o", out.toString(), "--json"))
                .isEqualTo(ExitCode.FINDING);
        assertThat(json().get("worse").asBoolean()).isTrue();
        assertThat(json().get("findings").get(0).get("line").asText()).isEqualTo("patch-2008-01-01.c:41");
        for (String name :
                List.of("mail.txt", "review.html", "review.json", "review.sarif", "windows-nmi-during-step.html")) {
            assertThat(out.resolve(name)).isNotEmptyFile();
        }
        assertThat(Files.readString(out.resolve("review.html"))).doesNotContain("@BODY@", "http://", "<script");
        try (InputStream junit = Files.newInputStream(out.resolve("junit.xml"))) {
            assertThat(DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(junit)
                            .getElementsByTagName("failure")
                            .getLength())
                    .isPositive();
        }
        assertThat(trapline.run(
                        "diff",
                        out.resolve("nmi-during-step-base.journal").toString(),
                        out.resolve("nmi-during-step-new.journal").toString()))
                .isEqualTo(ExitCode.FINDING);
        assertThat(trapline.run("repro", out.resolve("mail.txt").toString())).isEqualTo(ExitCode.CLEAN);
        assertThat(review("patch-2008-01-01", "-o", out.toString())).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void b4GetsItsArray() throws Exception {
        byte[] patch = Catalogue.find("guest/flows/bugs/linux-2.6.24-with-bug-08.patch");
        assertThat(reviewed(Objects.requireNonNull(patch), "--scenarios", "aggregate-unhashed", "--inject", "nmi"))
                .isEqualTo(ExitCode.FINDING);
        assertThat(json().get(0).get("tool").asText()).isEqualTo("trapline scenarios");
        assertThat(json().get(0).get("status").asText()).isEqualTo("fail");
        assertThat(json().get(0).get("details").asText()).contains(">> aggregate-unhashed: ");
        assertThat(reviewed("Subject: [PATCH] docs\n\nno handler".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.out()).isEqualTo("[]\n");
    }

    private ExitCode reviewed(byte[] mail, String... args) {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(mail));
            List<String> all = new ArrayList<>(List.of("--b4"));
            all.addAll(List.of(args));
            return review(all.toArray(new String[0]));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void wrongUseIsOneLine() throws Exception {
        assertThat(review()).isEqualTo(ExitCode.USAGE);
        assertThat(review("nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(trapline.err()).contains("nonsense: no such file, and no flow of that name");
        assertThat(review("linux-2.6.24", "--base", "nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(review("linux-2.6.24", "--threads", "0")).isEqualTo(ExitCode.USAGE);
        Path text = file("text.txt", "Hello.\n");
        assertThat(review(text.toString())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(trapline.err()).contains("has no patch in it");
        Path foreign = file("foreign.patch", "--- a/fs/x.c\n+++ b/fs/x.c\n@@ -1 +1 @@\n-a\n+b\n");
        assertThat(review(foreign.toString())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(trapline.err()).contains("changes fs/x.c, which is no flow of the catalogue");
    }
}
