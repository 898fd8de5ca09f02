package trapline.review;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a mail says about itself, as far as an answer needs it.
 *
 * @param headers by name in small letters; of several of one name the first
 */
public record Posting(Map<String, String> headers) {

    /** No mail: there is nobody to be answered by name. */
    public static final Posting NONE = new Posting(Map.of());

    private static final int LINES_MAX = 400;
    private static final Pattern HEADER = Pattern.compile("([A-Za-z][A-Za-z-]{0,40}): ?(.*)");

    /** Reads the headers; a saved page of an archive has a title instead of a subject. */
    public static Posting of(String mail) {
        Map<String, String> headers = new LinkedHashMap<>();
        String last = "";
        for (String line : mail.lines().limit(LINES_MAX).toList()) {
            Matcher header = HEADER.matcher(line);
            boolean goesOn = line.startsWith(" ") || line.startsWith("\t");
            if (headers.isEmpty() && line.matches("(?i)re: .*|\\[(?:rfc|patch).*")) {
                headers.put("subject", line);
            } else if (goesOn && !last.isEmpty()) {
                headers.merge(last, line.strip(), (a, b) -> a + " " + b);
            } else if (header.matches()) {
                last = header.group(1).toLowerCase(Locale.ROOT);
                headers.putIfAbsent(last, header.group(2).strip());
            } else if (headers.containsKey("from")) {
                break;
            }
        }
        return new Posting(headers);
    }

    /** A header's text; empty if there is none. */
    public String get(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The name of who wrote it, without the address. */
    public String author() {
        String from = get("from").replaceFirst("\\s*<.*", "").replace("\"", "").strip();
        return from.isEmpty() ? get("from") : from;
    }
}
