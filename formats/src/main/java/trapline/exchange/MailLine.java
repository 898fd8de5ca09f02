package trapline.exchange;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** One line of a mail and its tag. */
final class MailLine {

    /** Columns that mail programs leave alone. */
    static final int COLUMNS = 72;

    /** The digits that number lines begin anew after so many; what checks a line is made of its whole number. */
    static final int NUMBERS = 36 * 36;

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final Pattern TAG = Pattern.compile("~[0-9a-z]{4}");
    private static final int TAG_LENGTH = 5;

    /** What a tag takes of a line, the blank before it included. */
    static final int TAG_COLUMNS = 1 + TAG_LENGTH;

    private MailLine() {}

    /** The tag of a line. */
    static String tag(int number, String words) {
        CRC32C crc = new CRC32C();
        String counted = number + " " + words;
        crc.update(counted.getBytes(StandardCharsets.UTF_8));
        return "~" + digits(number % NUMBERS) + digits((int) (crc.getValue() % NUMBERS));
    }

    private static String digits(int number) {
        return "" + DIGITS.charAt(number / 36) + DIGITS.charAt(number % 36);
    }

    /** Whether a word has the form of a tag. */
    static boolean isTag(String word) {
        return TAG.matcher(word).matches();
    }

    /** The number in a tag: of a line's number what is left when it is divided by {@link #NUMBERS}. */
    static int number(String tag) {
        return DIGITS.indexOf(tag.charAt(1)) * 36 + DIGITS.indexOf(tag.charAt(2));
    }

    /** The words of a line with one blank between each, as tags are made of them. */
    static String words(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }

    /** A line with its tag, in as many lines as it takes. */
    static String format(int number, String line) {
        String tag = tag(number, words(line));
        if (line.length() + TAG_COLUMNS <= COLUMNS) {
            return line + " " + tag + "\n";
        }
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (String word : (words(line) + " " + tag).split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > COLUMNS) {
                out.append("\n ");
                column = 1;
            }
            out.append(column == 0 ? "" : " ").append(word);
            column += (column == 0 ? 0 : 1) + word.length();
        }
        return out.append('\n').toString();
    }
}
