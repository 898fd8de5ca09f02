package trapline.exchange;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import trapline.block.JournalFooter;
import trapline.events.HaltReason;
import trapline.journal.Journal;

/**
 * The text form of a recipe as far as any tool needs it: words, at the end {@code crc=} with the CRC-32 over the words
 * before it, one blank between each. A journal's header holds its recipe without the digest, which is known when the run
 * has ended.
 */
public final class RecipeText {

    private static final String START = "trapline-recipe";
    private static final int LINE_MAX = 64;
    private static final int CHUNK = 16;

    private RecipeText() {}

    /**
     * The recipe of a journal, such that {@code repro} reads it: with the digest of its run.
     *
     * @return empty where the journal has none, or was interrupted: no recipe regenerates a run up to a key press
     */
    public static String of(Journal journal) {
        boolean interrupted = journal.footer()
                .map(footer -> footer.end().equals(HaltReason.INTERRUPTED.label()))
                .orElse(false);
        String digest = journal.footer().map(JournalFooter::digest).orElse("");
        return interrupted ? "" : withDigest(journal.header().recipe(), digest);
    }

    /**
     * A recipe with the digest of its run.
     *
     * @param recipe as in a journal's header; empty where there is none
     * @param digest 64 hexadecimal digits; empty where it is not known
     * @return the same recipe if there is nothing to add
     */
    public static String withDigest(String recipe, String digest) {
        if (!recipe.startsWith(START) || digest.length() != 4 * CHUNK || recipe.contains("digest=")) {
            return recipe;
        }
        List<String> words = new ArrayList<>(Arrays.asList(recipe.strip().split("\\s+", -1)));
        words.removeIf(word -> word.startsWith("crc="));
        for (int at = 0; at < digest.length(); at += CHUNK) {
            words.add((at == 0 ? "digest=" : "+") + digest.substring(at, at + CHUNK));
        }
        CRC32 crc = new CRC32();
        crc.update(String.join(" ", words).getBytes(StandardCharsets.UTF_8));
        words.add(String.format("crc=%08x", crc.getValue()));
        return wrapped(words);
    }

    private static String wrapped(List<String> words) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (String word : words) {
            boolean wrap = column > 0 && column + 1 + word.length() > LINE_MAX;
            out.append(column == 0 ? "" : wrap ? "\n" : " ").append(word);
            column = column == 0 || wrap ? word.length() : column + 1 + word.length();
        }
        return out.append('\n').toString();
    }
}
