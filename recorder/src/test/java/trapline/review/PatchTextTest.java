package trapline.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Patches as they come out of mails: with text around them, moved, mended by mailers. */
class PatchTextTest {

    private static final String PATCH = """
            From: A <a@example.org>
            Subject: [PATCH] x

            Words.
            ---
             one.c | 2 +-

            --- a/dir/one.c
            +++ b/dir/one.c
            @@ -2,3 +2,3 @@ int f(void)
             b
            -c
            +C

            --\s
            2.40
            """;

    private static PatchText only(String text) {
        List<PatchText> all = PatchText.all(text);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    void aPatchIsFoundInItsMailAndApplied() {
        PatchText patch = only(PATCH);
        assertThat(patch.newName()).isEqualTo("dir/one.c");
        assertThat(patch.apply("a\nb\nc\n\nd\n")).isEqualTo("a\nb\nC\n\nd\n");
    }

    @Test
    void aHunkIsAppliedWhereItsLinesHaveMovedTo() {
        assertThat(only(PATCH).apply("new\nnew\na\nb\nc\n\nd\n")).isEqualTo("new\nnew\na\nb\nC\n\nd\n");
    }

    @Test
    void aChangeThatWasMadeIsUndone() {
        PatchText patch = only(PATCH);
        assertThat(patch.undo("a\nb\nC\n\nd\n")).isEqualTo("a\nb\nc\n\nd\n");
        assertThatThrownBy(() -> patch.undo("a\nb\nc\n\nd\n")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatDoesNotFitIsSaidInOneLine() {
        assertThatThrownBy(() -> only(PATCH).apply("a\nb\nx\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hunk 1 of the change of dir/one.c (line 2) does not fit");
    }

    @Test
    void aTextWithoutAPatchHasNone() {
        assertThat(PatchText.all("--- a\n+++ b\nno hunk\n")).isEmpty();
        assertThat(PatchText.all("")).isEmpty();
    }

    @Test
    void aHunkThatIsCutShortIsTakenAsFarAsItGoes() {
        assertThat(only("--- a\n+++ b\n@@ -1,9 +1,9 @@\n x").hunks().get(0).lines())
                .containsExactly(" x");
    }
}
