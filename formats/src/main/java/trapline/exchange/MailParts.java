package trapline.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.parser.AbstractContentHandler;
import org.apache.james.mime4j.parser.MimeStreamParser;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;

/**
 * The texts in one mail: its parts, decoded as their headers say. Depth, number and length of everything are limited; a
 * mail that is beyond them, or is none, has no parts.
 */
final class MailParts extends AbstractContentHandler {

    private static final int DEPTH_MAX = 20;
    private static final int PARTS_MAX = 1000;
    private static final int HEADERS_MAX = 1000;

    /** Patches are sent with lines that are longer than mail allows. */
    private static final int LINE_BYTES_MAX = 100_000;

    private static final Pattern DELETES_BLANKS = Pattern.compile("delsp\\s*=\\s*\"?yes", Pattern.CASE_INSENSITIVE);

    /** A line that goes on in the next: it ends in a blank, and is no signature's mark. */
    private static final Pattern SOFT_BREAK = Pattern.compile("(?m)^((?!-- $).*) \\r?\\n(?:>+ ?| (?=\\S))?");

    /**
     * A text.
     *
     * @param subject of the mail
     * @param text decoded
     * @param html whether it is HTML, in which a trace cannot be trusted to be whole
     */
    record Part(String subject, String text, boolean html) {}

    private final List<Part> parts = new ArrayList<>();
    private String subject = "";
    private String contentType = "";
    private int depth;
    private int charactersLeft = MailReader.LENGTH_MAX;

    private MailParts() {}

    /** The parts of a mail; none if it cannot be taken apart. */
    static List<Part> of(byte[] mail) {
        MimeConfig limits = MimeConfig.custom()
                .setMaxLineLen(LINE_BYTES_MAX)
                .setMaxHeaderLen(LINE_BYTES_MAX)
                .setMaxHeaderCount(HEADERS_MAX)
                .setMaxContentLen(MailReader.LENGTH_MAX)
                .build();
        MimeStreamParser parser = new MimeStreamParser(limits);
        parser.setContentDecoding(true);
        MailParts handler = new MailParts();
        parser.setContentHandler(handler);
        try {
            parser.parse(new java.io.ByteArrayInputStream(mail));
        } catch (MimeException | IOException | RuntimeException e) {
            return List.of(); // hostile or no mail at all: what is left is its text as it stands
        }
        return handler.parts;
    }

    @Override
    public void startMultipart(BodyDescriptor body) throws MimeException {
        deeper();
    }

    private void deeper() throws MimeException {
        if (++depth > DEPTH_MAX) {
            throw new MimeException("too deep");
        }
    }

    @Override
    public void endMultipart() {
        depth--;
    }

    @Override
    public void startMessage() throws MimeException {
        deeper();
    }

    @Override
    public void endMessage() {
        depth--;
    }

    @Override
    public void startHeader() {
        contentType = "";
    }

    @Override
    public void field(Field field) {
        String body = Objects.requireNonNullElse(field.getBody(), "");
        if (field.getName().equalsIgnoreCase("Content-Type")) {
            contentType = body;
        } else if (field.getName().equalsIgnoreCase("Subject") && subject.isEmpty()) {
            subject = DecoderUtil.decodeEncodedWords(body.strip(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void body(BodyDescriptor descriptor, InputStream in) throws MimeException, IOException {
        byte[] bytes = in.readNBytes(charactersLeft);
        charactersLeft -= bytes.length;
        if (parts.size() == PARTS_MAX) {
            throw new MimeException("too many parts");
        }
        String text = new String(bytes, charset(descriptor.getCharset()));
        boolean joined = DELETES_BLANKS.matcher(contentType).find();
        boolean html = descriptor.getMimeType().toLowerCase(Locale.ROOT).equals("text/html");
        parts.add(new Part(subject, joined ? withoutSoftBreaks(text) : text, html));
    }

    /** Text of {@code format=flowed; delsp=yes}: a blank at a line's end says that the line goes on without one. */
    private static String withoutSoftBreaks(String text) {
        Matcher breaks = SOFT_BREAK.matcher(text);
        StringBuilder out = new StringBuilder(text.length());
        while (breaks.find()) {
            breaks.appendReplacement(out, "$1");
        }
        return breaks.appendTail(out).toString();
    }

    private static Charset charset(String name) {
        try {
            return name == null || name.equalsIgnoreCase("us-ascii") ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8; // a trace is ASCII in whatever it is said to be
        }
    }

    /** One line for a reader who has to choose. */
    static String subjects(Stream<Part> parts) {
        return parts.map(part -> part.subject().isEmpty() ? "(no subject)" : part.subject())
                .collect(Collectors.joining("; "));
    }
}
