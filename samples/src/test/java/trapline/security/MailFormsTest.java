package trapline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.samples.CapturedTrapline;

/** One trace in the forms that mailers give it: every event comes back, or what is lost is said. */
class MailFormsTest {

    private static final String HEAD = "From: a@example.org\nSubject: trace\nMIME-Version: 1.0\n";

    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();
    private String trace = "";
    private int number;

    @BeforeEach
    void record() {
        String journal = folder.resolve("t.journal").toString();
        assertThat(trapline.run("record", "t8", "-o", journal).code()).isLessThan(2);
        assertThat(trapline.run("show", "--mail", journal).code()).isLessThan(4);
        trace = trapline.out();
        assertThat(trace).contains("trapline-mail 1");
    }

    private int read(String mail) throws IOException {
        return read(mail.getBytes(StandardCharsets.UTF_8));
    }

    private int read(byte[] mail, String... more) throws IOException {
        Path file = Files.write(folder.resolve("m" + ++number), mail);
        String[] words = new String[6 + more.length];
        System.arraycopy(more, 0, words, 6, more.length);
        words[0] = "import";
        words[1] = "--from";
        words[2] = "mail";
        words[3] = file.toString();
        words[4] = "-o";
        words[5] = folder.resolve("j" + number).toString();
        return trapline.run(words).code();
    }

    private void isRead(String mail) throws IOException {
        assertThat(read(mail)).as(trapline.err()).isZero();
    }

    private static String quotedPrintable(String text) {
        StringBuilder out = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            String coded = line.replace("=", "=3D");
            while (coded.length() > 60) {
                int cut = coded.lastIndexOf('=', 59) > 56 ? 56 : 59;
                out.append(coded, 0, cut).append("=\n");
                coded = coded.substring(cut);
            }
            out.append(coded).append('\n');
        }
        return out.toString();
    }

    private static String base64(String text) {
        return Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "\n";
    }

    @Test
    void asItIs() throws IOException {
        isRead(trace);
        isRead(HEAD + "Content-Type: text/plain; charset=utf-8\n\nGrüße,\n\n" + trace);
    }

    @Test
    void encoded() throws IOException {
        String type = "Content-Type: text/plain; charset=utf-8\n";
        isRead(HEAD + type + "Content-Transfer-Encoding: quoted-printable\n\n" + quotedPrintable("Hi\n" + trace));
        isRead(HEAD + type + "Content-Transfer-Encoding: base64\n\n" + base64("Hi\n" + trace));
        isRead(quotedPrintable("Hi\n" + trace));
    }

    @Test
    void inParts() throws IOException {
        String parts = "Content-Type: multipart/mixed; boundary=\"xx\"\n\n--xx\nContent-Type: text/plain\n\nsee below\n"
                + "--xx\nContent-Type: text/x-patch; name=t.txt\nContent-Disposition: attachment; filename=t.txt\n"
                + "Content-Transfer-Encoding: base64\n\n" + base64(trace) + "\n--xx--\n";
        isRead(HEAD + parts);
    }

    @Test
    void flowedWithBlanksThatAreNone() throws IOException {
        isRead(HEAD + "Content-Type: text/plain; charset=utf-8; format=flowed\n\n" + trace.replace(" ~", " \n~"));
        isRead(HEAD + "Content-Type: text/plain; charset=utf-8\n\n" + trace.replace(' ', '\u00a0'));
        isRead(HEAD + "Content-Type: text/plain; format=flowed; delsp=yes\n\n"
                + trace.replaceAll("(?m)^(.{30}\\S)(\\S)", "$1 \n$2"));
    }

    @Test
    void inAMailbox() throws IOException {
        String from = "From mboxrd@z Thu Jan  1 00:00:00 1970\n";
        String other = "From: b@example.org\nSubject: Re: trace\n\nno trace here\n>From the start\n\n";
        isRead(from + other + from + HEAD + "\n" + trace + "\n" + from + other);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write((from + other + from + HEAD + "\n" + trace).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(read(packed.toByteArray())).as(trapline.err()).isZero();
    }

    @Test
    void ofTwoTracesOneIsAskedFor() throws IOException {
        String from = "From mboxrd@z Thu Jan  1 00:00:00 1970\n";
        String journal = folder.resolve("o.journal").toString();
        trapline.run("record", "plain-probe", "-o", journal);
        trapline.run("show", "--mail", journal);
        byte[] both = (from + HEAD + "\n" + trace + "\n" + from + HEAD.replace("trace", "other") + "\n"
                        + trapline.out())
                .getBytes(StandardCharsets.UTF_8);
        assertThat(read(both)).isEqualTo(2);
        assertThat(trapline.err()).contains("2 traces", "--message", "trace; other");
        assertThat(read(both, "--message", "2")).isZero();
        assertThat(read((from + HEAD + "\n" + trace + "\n" + from + HEAD + "\n" + trace)
                        .getBytes(StandardCharsets.UTF_8)))
                .as("the same twice")
                .isZero();
    }

    @Test
    void htmlAloneIsRefusedByName() throws IOException {
        int exitCode = read(HEAD + "Content-Type: text/html\n\n<pre>" + trace.replace(">", "&gt;") + "</pre>");
        assertThat(exitCode).isEqualTo(4);
        assertThat(trapline.err()).contains("HTML only");
    }

    @Test
    void whatIsLostIsSaidOnce() throws IOException {
        String less = trace.lines()
                .filter(line -> !line.contains("preempt_count 0>1"))
                .reduce("", (a, b) -> a + b + "\n");
        assertThat(read(less)).isEqualTo(3);
        assertThat(trapline.err()).containsOnlyOnce("lost: ").contains("lines are missing in the mail");
    }

    @Test
    void hostileMailEndsSoon() throws IOException {
        StringBuilder deep = new StringBuilder(HEAD);
        for (int i = 0; i < 5000; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        assertThat(read(deep.toString())).isEqualTo(4);
        assertThat(read(HEAD + "X: y\n".repeat(100_000) + "\n")).isEqualTo(4);
        assertThat(read("From x\n\n".repeat(200_000))).isEqualTo(4);
    }
}
