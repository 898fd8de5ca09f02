package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RecipeTest {

    private static final String DIGEST = "2b1f9b90e0e8d36bb338e07a691b5966da4cbdc1560f39512872d2ee0657f391";
    private static final Recipe RECIPE = new Recipe(
            7,
            "nmi-while-stepping",
            "",
            false,
            "0a1b2c3d",
            List.of("flow=linux-2.6.26", "schedule.seed=-12", "title=a > b | c \u00e9%"),
            DIGEST);

    private static Recipe find(String text) {
        return Objects.requireNonNull(Recipe.find(text));
    }

    @Test
    void isShortSevenBitText() {
        String text = RECIPE.text();
        assertThat(text.getBytes(StandardCharsets.US_ASCII)).hasSizeLessThanOrEqualTo(Recipe.BYTES_MAX);
        assertThat(text).matches("[\\n\\x20-\\x7e]+");
        assertThat(text.lines()).allMatch(line -> line.length() <= 64);
    }

    @Test
    void isFoundAgainInAMail() {
        assertThat(find("Hi,\n\nsee below.\n\n" + RECIPE.text() + "\nThanks\n")).isEqualTo(RECIPE);
    }

    @Test
    void survivesCarriageReturnsQuotingAndIndenting() {
        String text = RECIPE.text();
        assertThat(find(text.replace("\n", "\r\n"))).isEqualTo(RECIPE);
        assertThat(find("On Wed A wrote:\n" + text.replaceAll("(?m)^", "> "))).isEqualTo(RECIPE);
        assertThat(find(text.replaceAll("(?m)^", "> > >"))).isEqualTo(RECIPE);
        assertThat(find(text.replaceAll("(?m)^", "MH>> \t"))).isEqualTo(RECIPE);
        assertThat(find(text.replaceAll("(?m)^", "    | "))).isEqualTo(RECIPE);
    }

    @Test
    void survivesRewrappingAtAnyWidthQuotedOrNot() {
        long seed = Long.getLong("trapline.seed", 20080102);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            String quoted = random.nextBoolean() ? RECIPE.text().replaceAll("(?m)^", "> ") : RECIPE.text();
            StringBuilder wrapped = new StringBuilder();
            for (String word : quoted.split("\\s+", -1)) {
                wrapped.append(word).append(random.nextInt(3) == 0 ? "\n" : " ");
            }
            assertThat(find(wrapped.toString()))
                    .as("seed %s round %s", seed, round)
                    .isEqualTo(RECIPE);
        }
    }

    @Test
    void aChangedDigitIsNoticed() {
        String text = RECIPE.text();
        int changed = 0;
        for (int i = text.indexOf("semantics"); i < text.length() - 1; i++) {
            if (Character.isDigit(text.charAt(i))) {
                String damaged =
                        text.substring(0, i) + (char) ('0' + (text.charAt(i) - '0' + 1) % 10) + text.substring(i + 1);
                assertThatThrownBy(() -> Recipe.find(damaged)).hasMessageContaining("damaged");
                changed++;
            }
        }
        assertThat(changed).isGreaterThan(40);
    }

    @Test
    void cutAndForeignTextsAreNoRecipes() {
        assertThat(Recipe.find("nothing here")).isNull();
        String half = RECIPE.text().substring(0, 100);
        assertThatThrownBy(() -> Recipe.find(half)).hasMessageContaining("damaged");
        String newer = RECIPE.text().replace("trapline-recipe 1", "trapline-recipe 2");
        assertThatThrownBy(() -> Recipe.find(newer)).hasMessageContaining("another format");
    }

    @Test
    void tooManyOverridesGiveNoRecipeRatherThanALongOne() {
        List<String> many = new Random(1)
                .longs(40)
                .mapToObj(n -> String.format(Locale.ROOT, "variables.v%x=%d", n, n))
                .collect(Collectors.toList());
        assertThat(new Recipe(1, "x", "", true, "0", many, DIGEST).text()).isEmpty();
    }

    @Test
    void aLongWordIsCutAndJoined() {
        Recipe recipe = new Recipe(1, "s", "", true, "0", List.of("title=" + "x".repeat(150)), "");
        assertThat(recipe.text().lines()).allMatch(line -> line.length() <= 64);
        assertThat(find(recipe.text())).isEqualTo(recipe);
    }
}
