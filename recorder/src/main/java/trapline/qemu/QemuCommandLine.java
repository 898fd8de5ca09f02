package trapline.qemu;

import java.util.ArrayList;
import java.util.List;

/** The words of a QEMU command line as a user writes it. */
public final class QemuCommandLine {

    private final List<String> words;

    private QemuCommandLine(List<String> words) {
        this.words = words;
    }

    /**
     * Splits a command line as a shell does: at blanks, but not within quotes; a backslash takes the next character as it
     * is. Nothing else of a shell is known.
     *
     * @param text the line
     * @throws IllegalArgumentException if a quote is not closed, or there is no word
     */
    public static QemuCommandLine parse(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                i++;
                word.append(text.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
                word.append(quote == 0 ? "" : String.valueOf(c));
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                inWord = end(inWord, word, words);
            } else {
                word.append(c);
                inWord = true;
            }
        }
        end(inWord, word, words);
        if (quote != 0) {
            throw new IllegalArgumentException("the command line of QEMU ends within a quote");
        }
        if (words.isEmpty()) {
            throw new IllegalArgumentException("the command line of QEMU is empty");
        }
        return new QemuCommandLine(List.copyOf(words));
    }

    private static boolean end(boolean inWord, StringBuilder word, List<String> words) {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
        }
        return false;
    }

    /** The words, the program first. */
    public List<String> words() {
        return words;
    }

    /** Whether an option is given, with one dash or two. */
    public boolean has(String option) {
        return words.contains("-" + option) || words.contains("--" + option);
    }

    /** The argument of an option, or empty. */
    public String argument(String option) {
        int at = Math.max(words.indexOf("-" + option), words.indexOf("--" + option));
        return at < 0 || at + 1 >= words.size() ? "" : words.get(at + 1);
    }

    /** The number of CPUs that it asks for. */
    public int cpus() {
        for (String part : argument("smp").split(",", -1)) {
            String number = part.startsWith("cpus=") ? part.substring("cpus=".length()) : part;
            if (number.matches("[0-9]{1,3}")) {
                return Integer.parseInt(number);
            }
        }
        return 1;
    }
}
