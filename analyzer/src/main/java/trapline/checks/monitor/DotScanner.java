package trapline.checks.monitor;

/** Words of a DOT text, with their places. Comments and preprocessor lines are skipped. */
final class DotScanner {

    private final String text;
    private final String name;
    private int at;
    private int line = 1;
    private int column = 1;

    /** A word and where it begins; quoted words keep their escapes and are marked, for a quoted keyword is no keyword. */
    record Word(String text, boolean quoted, int line, int column) {

        boolean is(String keyword) {
            return !quoted && text.equals(keyword);
        }

        boolean isEnd() {
            return !quoted && text.isEmpty();
        }
    }

    DotScanner(String text, String name) {
        this.text = text;
        this.name = name;
    }

    IllegalArgumentException wrong(Word word, String what) {
        String oneLine = what.replaceAll("\\s+", " "); // names may hold anything
        return new IllegalArgumentException(name + ":" + word.line() + ":" + word.column() + ": " + oneLine);
    }

    /** The next word; an empty unquoted one at the end. */
    Word next() {
        skip();
        int startLine = line;
        int startColumn = column;
        if (at == text.length()) {
            return new Word("", false, startLine, startColumn);
        }
        char c = text.charAt(at);
        if (c == '"') {
            return new Word(quoted(startLine, startColumn), true, startLine, startColumn);
        }
        int from = at;
        if (isWord(c)) {
            while (at < text.length() && isWord(text.charAt(at))) {
                advance();
            }
        } else if (text.startsWith("->", at) || text.startsWith("--", at)) {
            advance();
            advance();
        } else {
            advance();
        }
        return new Word(text.substring(from, at), false, startLine, startColumn);
    }

    private String quoted(int startLine, int startColumn) {
        advance();
        StringBuilder out = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                if (text.charAt(at + 1) != '"') {
                    out.append('\\');
                }
                advance();
            }
            out.append(text.charAt(at));
            advance();
        }
        if (at == text.length()) {
            throw wrong(new Word("", false, startLine, startColumn), "the quoted text that begins here does not end");
        }
        advance();
        return out.toString();
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.';
    }

    private void skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                advance();
            } else if (text.startsWith("//", at) || (c == '#' && column == 1)) {
                skipUntil("\n");
            } else if (text.startsWith("/*", at)) {
                skipUntil("*/");
            } else {
                return;
            }
        }
    }

    private void skipUntil(String end) {
        int found = text.indexOf(end, at);
        int stop = found < 0 ? text.length() : found + end.length();
        while (at < stop) {
            advance();
        }
    }

    private void advance() {
        if (text.charAt(at) == '\n') {
            line++;
            column = 1;
        } else {
            column++;
        }
        at++;
    }
}
