package trapline.exchange;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A mail as one text: its headers as they stand, then all of its plain text, decoded. A file that is none stays as it is. */
public final class MailText {

    private static final Pattern MBOX = Pattern.compile("\\AFrom \\S.*\\r?\\n");
    private static final Pattern HEADERS_END = Pattern.compile("\\r?\\n\\r?\\n");

    private MailText() {}

    /** Never fails: what cannot be taken apart is taken as text. */
    public static String of(byte[] bytes) {
        String raw = new String(bytes, StandardCharsets.ISO_8859_1);
        String mail = MBOX.matcher(raw).replaceFirst("");
        List<MailParts.Part> parts = MailParts.of(mail.getBytes(StandardCharsets.ISO_8859_1)).stream()
                .filter(part -> !part.html())
                .toList();
        String[] halves = HEADERS_END.split(mail, 2);
        boolean isMail = halves.length == 2
                && Pattern.compile("(?im)^(from|subject|date): ")
                        .matcher(halves[0])
                        .find();
        if (parts.isEmpty() || !isMail) {
            return new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
        StringBuilder text = new StringBuilder(
                        new String(halves[0].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .append("\n\n");
        parts.forEach(part -> text.append(part.text()).append('\n'));
        return text.toString().replace("\r\n", "\n");
    }
}
