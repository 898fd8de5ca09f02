package trapline.report;

/** Text as HTML. Whatever comes from a journal passes through {@link #escape}. */
final class Html {

    private Html() {}

    /** Text that is safe between tags and in quoted attributes; characters that HTML does not allow become marks. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(allowed(c) ? c : 0xfffd);
            }
        });
        return out.toString();
    }

    private static boolean allowed(int c) {
        boolean control = (c < ' ' && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
        return !control && (c < 0xd800 || c > 0xdfff);
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
