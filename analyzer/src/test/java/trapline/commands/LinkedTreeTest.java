package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;

/** {@code check} in trees with symbolic links: as {@code grep -r}, and never silently. */
@Timeout(60)
class LinkedTreeTest {

    private static final String ONE_SKIPPED = "1 symbolic link skipped; name a link to have it followed\n";

    @TempDir
    private Path directory;

    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();
    private Path tree = Path.of(".");
    private Path elsewhere = Path.of(".");

    /** A tree with one clean journal, and one outside of it that violates a claim. */
    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        TraceJournals.write("golden.t1", tree);
        elsewhere = TraceJournals.write("golden.t8", Files.createDirectory(directory.resolve("elsewhere")));
    }

    private void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(tree.resolve(name), target);
    }

    private ExitCode check(Path... paths) {
        String[] words = new String[paths.length + 1];
        words[0] = "check";
        for (int i = 0; i < paths.length; i++) {
            words[i + 1] = paths[i].toString();
        }
        return analyzer.run(words);
    }

    @Test
    void linksInsideAreSkippedAndCounted() throws IOException {
        link("violating.journal", elsewhere);
        link("folder", directory.resolve("elsewhere"));
        link("some.trap", elsewhere);
        assertThat(check(tree)).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.err()).contains("3 symbolic links skipped; name a link to have it followed\n");
        assertThat(analyzer.out()).contains("golden.t1").doesNotContain("golden.t8");
    }

    @Test
    void linksThatAreNamedAreFollowed() throws IOException {
        link("violating.journal", elsewhere);
        link("folder", directory.resolve("elsewhere"));
        for (String name : new String[] {"violating.journal", "folder"}) {
            assertThat(check(tree.resolve(name))).as(name).isEqualTo(ExitCode.FINDING);
            assertThat(analyzer.err()).as(name).doesNotContain("skipped");
        }
        assertThat(check(tree, tree.resolve("folder"))).isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.err()).contains("2 symbolic links skipped", "2 journals judged, 1 with findings");
    }

    @Test
    void loopsAreLinksAsOthers() throws IOException {
        link("round", tree);
        assertThat(check(tree)).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.err()).contains(ONE_SKIPPED);
        assertThat(check(tree.resolve("round"))).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.err()).contains(ONE_SKIPPED);
        link("there", tree.resolve("back"));
        link("back", tree.resolve("there"));
        assertThat(check(tree)).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.err()).contains("3 symbolic links skipped");
        assertThat(check(tree.resolve("there"))).isEqualTo(ExitCode.UNREADABLE);
    }

    @Test
    void aLinkToNowhereIsSkippedInsideAndUnreadableByName() throws IOException {
        link("latest", directory.resolve("gone"));
        assertThat(check(tree)).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.err()).contains(ONE_SKIPPED);
        assertThat(check(tree.resolve("latest"))).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("latest: ");
    }

    /** No journal is behind them, so that nobody misses one. */
    @Test
    void linksToOtherFilesAreNotMentioned() throws IOException {
        Path note = Files.writeString(directory.resolve("note.txt"), "seen on Tuesday");
        link("README", note);
        assertThat(check(tree)).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.err()).doesNotContain("symbolic");
    }

    @Test
    void aTreeOfNothingButLinksIsNoSuccess() throws IOException {
        Path links = Files.createDirectory(directory.resolve("links"));
        Files.createSymbolicLink(links.resolve("a.journal"), elsewhere);
        assertThat(check(links)).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains(ONE_SKIPPED);
    }

    @Test
    void foldersThatAreTooDeepAreNotPassedOverEither() throws IOException {
        Path deep = Files.createDirectories(tree.resolve("d/".repeat(70)));
        TraceJournals.write("golden.t8", deep);
        assertThat(check(tree)).isEqualTo(ExitCode.UNREADABLE);
        assertThat(check(deep)).isEqualTo(ExitCode.FINDING);
    }

    @Test
    void theHelpSaysSo() {
        assertThat(analyzer.run("check", "--help")).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out().replaceAll("\\s+", " ")).contains("Symbolic links inside a tree are skipped");
    }
}
