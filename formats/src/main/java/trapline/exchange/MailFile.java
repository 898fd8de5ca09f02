package trapline.exchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A file with mail in it, as people save it: one message with any encoding and any attachments, an mbox, a thread out of a
 * public inbox ({@code t.mbox.gz}), a series for {@code git am}, or nothing but the text of a message.
 */
public final class MailFile {

    private static final int MESSAGES_MAX = 10_000;
    private static final int LISTED_MAX = 10;

    private static final Pattern SEPARATOR = Pattern.compile("(?m)^From \\S.*\\r?\\n");
    private static final Pattern QUOTED_FROM = Pattern.compile("(?m)^>(>*From )");
    private static final Pattern HEADERS = Pattern.compile("\\A[A-Za-z][A-Za-z0-9-]*:[ \\t].*\\r?\\n");
    private static final Pattern BLANKS = Pattern.compile("[\\u00a0\\u2007\\u202f]");
    private static final Pattern INVISIBLE = Pattern.compile("[\\u200b-\\u200f\\u2060\\ufeff\\u00ad]");
    private static final Pattern SOFT_BREAK = Pattern.compile("=\\r?\\n");
    private static final Pattern QUOTED_BYTE = Pattern.compile("=([0-9A-F]{2})");

    private MailFile() {}

    /**
     * Reads the trace of a file.
     *
     * @param bytes the file's
     * @param file its name, for messages
     * @param choice which of several traces, from 1; 0: there is only one
     * @throws AmbiguousMailException if there are several
     * @throws IllegalArgumentException if there is none, or none that can be used: one line
     */
    public static MailReader.Mail read(byte[] bytes, String file, int choice) throws AmbiguousMailException {
        List<MailParts.Part> traces = new ArrayList<>();
        boolean inHtml = false;
        for (String message : messages(text(unpacked(bytes, file)))) {
            List<MailParts.Part> parts = parts(message);
            List<MailParts.Part> found = parts.stream()
                    .filter(part -> !part.html() && part.text().contains(MailReader.START))
                    .toList();
            inHtml |= found.isEmpty()
                    && parts.stream().anyMatch(p -> p.html() && p.text().contains(MailReader.START));
            traces.addAll(found);
        }
        if (traces.isEmpty() && inHtml) {
            throw new IllegalArgumentException(
                    file + ": its trace is in HTML only, which keeps no lines; ask for the mail as plain text");
        }
        if (traces.isEmpty()) {
            throw new IllegalArgumentException(file + ": has no line 'trapline-mail 1', with which a trace begins");
        }
        return chosen(traces, file, choice);
    }

    private static MailReader.Mail chosen(List<MailParts.Part> traces, String file, int choice)
            throws AmbiguousMailException {
        Map<String, MailReader.Mail> different = new LinkedHashMap<>();
        Map<String, MailParts.Part> first = new LinkedHashMap<>();
        String refusal = "";
        for (MailParts.Part part : traces) {
            try {
                MailReader.Mail mail = best(part.text(), file);
                different.putIfAbsent(mail.content(), mail);
                first.putIfAbsent(mail.content(), part);
            } catch (IllegalArgumentException e) {
                refusal = String.valueOf(e.getMessage());
            }
        }
        if (different.isEmpty()) {
            throw new IllegalArgumentException(refusal);
        }
        List<MailReader.Mail> all = List.copyOf(different.values());
        if (choice > all.size() || (choice == 0 && all.size() > 1)) {
            throw new AmbiguousMailException(file + ": has " + (all.size() == 1 ? "one trace" : all.size() + " traces")
                    + "; say which with --message 1 to " + all.size() + ": " + subjects(first.values()));
        }
        return all.get(Math.max(0, choice - 1));
    }

    private static String subjects(Collection<MailParts.Part> parts) {
        return MailParts.subjects(parts.stream().limit(LISTED_MAX)) + (parts.size() > LISTED_MAX ? "; …" : "");
    }

    /** Of a text that may be quoted-printable although no header says so, the reading that loses less. */
    private static MailReader.Mail best(String text, String file) {
        String plain = plain(text);
        MailReader.Mail mail = MailReader.read(plain, file);
        if (mail.lost() > 0 && SOFT_BREAK.matcher(plain).find()) {
            String decoded = QUOTED_BYTE
                    .matcher(SOFT_BREAK.matcher(plain).replaceAll(""))
                    .replaceAll(m -> Matcher.quoteReplacement("" + (char) Integer.parseInt(m.group(1), 16)));
            MailReader.Mail other = MailReader.read(plain(decoded), file);
            return other.lost() < mail.lost() ? other : mail;
        }
        return mail;
    }

    private static String plain(String text) {
        return INVISIBLE.matcher(BLANKS.matcher(text).replaceAll(" ")).replaceAll("");
    }

    /** The parts of a message, or the text as it stands where it has no headers, or none of use. */
    private static List<MailParts.Part> parts(String message) {
        if (HEADERS.matcher(message).lookingAt()) {
            List<MailParts.Part> parts = MailParts.of(message.getBytes(StandardCharsets.ISO_8859_1));
            if (parts.stream().anyMatch(part -> part.text().contains(MailReader.START))) {
                return parts;
            }
        }
        return List.of(new MailParts.Part("", utf8(message), false));
    }

    /** The messages of an mbox; any other text is one. */
    private static List<String> messages(String text) {
        Matcher separator = SEPARATOR.matcher(text);
        if (!separator.lookingAt()) {
            return List.of(text);
        }
        List<String> messages = new ArrayList<>();
        int from = separator.end();
        while (separator.find() && messages.size() < MESSAGES_MAX) {
            if (isBlankBefore(text, separator.start())
                    && HEADERS.matcher(text.substring(separator.end(), Math.min(text.length(), separator.end() + 1000)))
                            .lookingAt()) {
                messages.add(unquoted(text.substring(from, separator.start())));
                from = separator.end();
            }
        }
        messages.add(unquoted(text.substring(from)));
        return messages;
    }

    private static boolean isBlankBefore(String text, int at) {
        return at >= 2
                && text.charAt(at - 1) == '\n'
                && (text.charAt(at - 2) == '\n'
                        || (text.charAt(at - 2) == '\r' && at >= 3 && text.charAt(at - 3) == '\n'));
    }

    private static String unquoted(String message) {
        return QUOTED_FROM.matcher(message).replaceAll("$1");
    }

    private static byte[] unpacked(byte[] bytes, String file) {
        if (bytes.length < 2 || bytes[0] != 0x1f || bytes[1] != (byte) 0x8b) {
            return bytes;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] unpacked = in.readNBytes(MailReader.LENGTH_MAX + 1);
            if (unpacked.length > MailReader.LENGTH_MAX) {
                throw new IllegalArgumentException(file + ": unpacks to more than " + (MailReader.LENGTH_MAX >> 20)
                        + " MiB; save the one message");
            }
            return unpacked;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be unpacked: " + e.getMessage(), e);
        }
    }

    /** Bytes as characters of the same value, so that nothing is lost before the charset is known. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String utf8(String characters) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(characters.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return characters;
        }
    }
}
