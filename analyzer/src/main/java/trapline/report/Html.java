package trapline.report;

import trapline.events.Visible;

/** Text as HTML. Whatever comes from a journal passes through {@link #escape}. */
final class Html {

    private Html() {}

    /** Text that is safe between tags and in quoted attributes; characters that cannot be seen are written out. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        Visible.text(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** A number with thin spaces between groups of three digits. */
    static String count(long number) {
        String digits = Long.toString(number);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            boolean group = i > 0 && (digits.length() - i) % 3 == 0 && digits.charAt(i - 1) != '-';
            out.append(group ? "\u202f" : "").append(digits.charAt(i));
        }
        return out.toString();
    }

    /** A number and its unit, such as {@code 1 event}, {@code 2 events}. */
    static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }
}
