package trapline.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.samples.CapturedTrapline;

/** Who vouches for a bundle. */
class SignatureTest {

    /** A key for this test, of {@code ssh-keygen -t ed25519 -N ''}. */
    private static final String PUBLIC =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP9DPpYGncl8UPRD5Bjgxzy8ZO7jfN3aHOGdYdnVXcN9";

    private static final String PRIVATE = "" // made for this test, of no use elsewhere
            + "-----BEGIN OPENSSH PRIVATE KEY-----\n"
            + "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
            + "QyNTUxOQAAACD/Qz6WBp3JfFD0Q+QY4Mc8vGTu43zd2hzhnWHZ1V3DfQAAAIh0CknCdApJ\n"
            + "wgAAAAtzc2gtZWQyNTUxOQAAACD/Qz6WBp3JfFD0Q+QY4Mc8vGTu43zd2hzhnWHZ1V3DfQ\n"
            + "AAAEAqWo/l+VOEfWQPHBXORZQJUjytDFnC2cHlw2ES1qA4QP9DPpYGncl8UPRD5Bjgxzy8\n"
            + "ZO7jfN3aHOGdYdnVXcN9AAAABHRlc3QB\n"
            + "-----END OPENSSH PRIVATE KEY-----\n";

    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String signed() throws IOException {
        String journal = folder.resolve("t.journal").toString();
        trapline.run("record", "plain-probe", "-o", journal);
        String bundle = folder.resolve("t.trap").toString();
        int exitCode = trapline.run(
                        "bundle",
                        journal,
                        "-o",
                        bundle,
                        "--sign",
                        file("key", PRIVATE).toString())
                .code();
        assertThat(exitCode).as(trapline.err()).isZero();
        return bundle;
    }

    private int verified(String bundle, String keys) throws IOException {
        return trapline.run("check", bundle, "--verify", file("keys", keys).toString())
                .code();
    }

    @Test
    void aSignedBundleIsJudged() throws IOException {
        String bundle = signed();
        assertThat(verified(bundle, "me@lab " + PUBLIC + "\n"))
                .as(trapline.err())
                .isZero();
        assertThat(trapline.out()).containsPattern("PASS +[0-9]+ checks");
    }

    @Test
    void anAlteredOneIsNot() throws IOException {
        String bundle = signed();
        byte[] bytes = Files.readAllBytes(Path.of(bundle));
        bytes[bytes.length / 2] ^= 1;
        Files.write(Path.of(bundle), bytes);
        assertThat(verified(bundle, PUBLIC)).isEqualTo(4);
        assertThat(trapline.err()).contains("does not hold");
        assertThat(trapline.out()).doesNotContain("passed");
    }

    @Test
    void norOneOfSomebodyElseOrOfNobody() throws IOException {
        String bundle = signed();
        assertThat(verified(bundle, PUBLIC.replaceFirst("(.{40}).", "$1Z"))).isEqualTo(4);
        assertThat(trapline.err()).contains("another key");
        Files.delete(Path.of(bundle + ".sig"));
        assertThat(verified(bundle, PUBLIC)).isEqualTo(4);
        assertThat(trapline.err()).contains("not signed");
        assertThat(verified(folder.resolve("t.journal").toString(), PUBLIC)).isEqualTo(4);
    }

    @Test
    void brokenKeysAndSignaturesAreRefusedInALine() throws IOException {
        String bundle = signed();
        for (String text :
                new String[] {"", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----", "\0"}) {
            Files.writeString(Path.of(bundle + ".sig"), text);
            assertThat(verified(bundle, PUBLIC)).isEqualTo(4);
        }
        assertThat(verified(bundle, "no key")).isEqualTo(4);
        String[] words = {
            "bundle",
            folder.resolve("t.journal").toString(),
            "-o",
            folder.resolve("n.trap").toString()
        };
        assertThat(trapline.run(
                                words[0],
                                words[1],
                                words[2],
                                words[3],
                                "--sign",
                                file("k", "no key").toString())
                        .code())
                .isEqualTo(4);
    }

    @Test
    void sshKeygenTakesIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-keygen")), "no ssh-keygen here");
        String bundle = signed();
        Path signers = file("signers", "me " + PUBLIC + "\n");
        Process process = new ProcessBuilder(
                        "ssh-keygen",
                        "-Y",
                        "verify",
                        "-f",
                        signers.toString(),
                        "-I",
                        "me",
                        "-n",
                        "trapline",
                        "-s",
                        bundle + ".sig")
                .redirectInput(Path.of(bundle).toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
