package trapline.recording;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioException;
import trapline.scenario.ScenarioReader;

/**
 * A text of at most 512 bytes that regenerates a journal of catalogue guests.
 *
 * <pre>
 * trapline-recipe 1 semantics=1 scenario=plain-probe eflags=all guest=0a1b2c3d
 * flow=linux-2.6.26 digest=2b1f9b90e0e8d36b +b338e07a691b5966
 * +da4cbdc1560f3951 +2872d2ee0657f391 crc=1a2b3c4d
 * </pre>
 *
 * A scenario of the user's that runs guests of the catalogue is in the recipe itself, {@link PackedText packed}, as
 * {@code yaml=}, if there is room for it.
 *
 * <p>It is a sequence of words, so that mail programs may quote, re-wrap and indent it: quote marks are dropped, a word that
 * starts with {@code +} continues the value before it, and what stands before {@code trapline-recipe} or behind
 * {@code crc=} does not belong to it. The CRC-32 over the words finds what a mail program damaged.
 *
 * @param semantics {@link Semantics#VERSION} of the run
 * @param scenario name in the catalogue; empty if the recipe has the scenario's text
 * @param yaml packed text of the scenario; empty if the catalogue has it
 * @param eflagsAll whether every EFLAGS write is recorded
 * @param guest CRC-32 over the names and digests of all objects
 * @param overrides {@code KEY=VALUE} each
 * @param digest of the stream of events; empty if not known yet
 */
public record Recipe(
        int semantics,
        String scenario,
        String yaml,
        boolean eflagsAll,
        String guest,
        List<String> overrides,
        String digest) {

    /** The longest text of a recipe, in bytes. */
    public static final int BYTES_MAX = 512;

    private static final String START = "trapline-recipe";
    private static final int CRC_DIGITS = 8;
    private static final String FORMAT = "1";
    private static final Set<String> KEYS = Set.of("semantics", "scenario", "yaml", "eflags", "guest", "digest");
    private static final int LINE_MAX = 64;
    private static final int CHUNK = 16;
    private static final int DIGEST_DIGITS = 64;
    private static final Pattern QUOTES = Pattern.compile("(?m)^[ \\t]*(?:[A-Za-z]{0,3}[>|][ \\t]*)+");

    /** The words before the checksum. */
    private List<String> words() {
        List<String> words = new ArrayList<>(List.of(START, FORMAT));
        add(words, "semantics=" + semantics);
        add(words, yaml.isEmpty() ? "scenario=" + encode(scenario) : "yaml=" + yaml);
        add(words, "eflags=" + (eflagsAll ? "all" : "control"));
        add(words, "guest=" + guest);
        overrides.forEach(override -> add(words, encode(override)));
        if (!digest.isEmpty()) {
            words.add("digest=" + digest.substring(0, CHUNK));
            for (int at = CHUNK; at < digest.length(); at += CHUNK) {
                words.add("+" + digest.substring(at, at + CHUNK));
            }
        }
        return words;
    }

    /** Long words are cut, so that a line never has to be. */
    private static void add(List<String> words, String word) {
        words.add(word.substring(0, Math.min(LINE_MAX - 1, word.length())));
        for (int at = LINE_MAX - 1; at < word.length(); at += LINE_MAX - 1) {
            words.add("+" + word.substring(at, Math.min(at + LINE_MAX - 1, word.length())));
        }
    }

    /** The text; lines end with {@code \n}. Empty if it would be longer than {@link #BYTES_MAX}, digest included. */
    String text() {
        if (digest.isEmpty() && withDigest("0".repeat(DIGEST_DIGITS)).text().isEmpty()) {
            return "";
        }
        List<String> words = words();
        words.add("crc=" + crc(words));
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (String word : words) {
            boolean wrap = column + 1 + word.length() > LINE_MAX;
            out.append(column == 0 ? "" : wrap ? "\n" : " ").append(word);
            column = column == 0 || wrap ? word.length() : column + 1 + word.length();
        }
        out.append('\n');
        return out.length() <= BYTES_MAX ? out.toString() : "";
    }

    /**
     * The recipe of a scenario, without the digest of its run.
     *
     * @param scenario with guests of the catalogue
     * @param objects SHA-256 of each object, by name
     */
    static Recipe of(Scenario scenario, Map<String, String> objects, boolean eflagsAll) {
        boolean own = scenario.catalogue().isEmpty();
        return new Recipe(
                Semantics.VERSION,
                scenario.catalogue(),
                own ? packed(scenario) : "",
                eflagsAll,
                guest(objects),
                own ? List.of() : scenario.overrides(),
                "");
    }

    private static String packed(Scenario scenario) {
        try {
            return PackedText.pack(ScenarioReader.compact(scenario.yaml()));
        } catch (ScenarioException e) {
            throw new IllegalStateException("a scenario that has been read can be read", e);
        }
    }

    /**
     * The scenario that it names or holds.
     *
     * @param source where the recipe is from, in messages
     * @throws IllegalArgumentException if its overrides are none, or its text cannot be unpacked
     */
    public Scenario toScenario(String source) throws ScenarioException {
        if (!yaml.isEmpty()) {
            return ScenarioReader.ofRecipe(source, PackedText.unpack(yaml));
        }
        Overrides all = new Overrides();
        overrides.forEach(all::set);
        return ScenarioReader.ofCatalogue(scenario, all);
    }

    /** The eight digits that stand for all objects. */
    public static String guest(Map<String, String> objects) {
        CRC32 crc = new CRC32();
        objects.forEach((name, sha256) -> crc.update((name + " " + sha256 + "\n").getBytes(StandardCharsets.UTF_8)));
        return String.format("%08x", crc.getValue());
    }

    /** The same recipe with the digest of its run. */
    Recipe withDigest(String newDigest) {
        return new Recipe(semantics, scenario, yaml, eflagsAll, guest, overrides, newDigest);
    }

    private static String crc(List<String> words) {
        CRC32 crc = new CRC32();
        crc.update(String.join(" ", words).getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /** Seven-bit words without blanks, nor anything that mailers, quoting or markup change. */
    private static String encode(String value) {
        StringBuilder out = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && "%|<>&\"'".indexOf(b) < 0) {
                out.append((char) b);
            } else {
                out.append(String.format("%%%02x", b));
            }
        }
        return out.toString();
    }

    private static String decode(String value) {
        byte[] bytes = new byte[value.length()];
        int length = 0;
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '%' && i + 2 < value.length()) {
                bytes[length++] = (byte) Integer.parseInt(value.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) value.charAt(i);
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * Finds the recipe in a text such as a mail.
     *
     * @param text any text
     * @return the first recipe in it; null if there is none
     * @throws IllegalArgumentException if there is one that is damaged or of another format
     */
    public static @Nullable Recipe find(String text) {
        int start = text.indexOf(START);
        if (start < 0) {
            return null;
        }
        List<String> words = new ArrayList<>();
        String crc = "";
        for (String word : QUOTES.matcher(text.substring(start)).replaceAll("").split("\\s+", -1)) {
            if (word.startsWith("crc=")) {
                // In a page, markup follows at once.
                crc = word.substring(4, Math.min(word.length(), 4 + CRC_DIGITS));
                break;
            }
            // Re-wrapping a quoted text leaves the marks in the middle of lines.
            if (!word.isEmpty() && !word.matches("[>|]+")) {
                words.add(word);
            }
        }
        if (words.size() < 2 || !words.get(1).equals(FORMAT)) {
            throw new IllegalArgumentException("a recipe of another format; a newer trapline may know it");
        }
        if (!crc.equals(crc(words))) {
            throw new IllegalArgumentException(
                    "the recipe is damaged: its checksum is wrong; copy it again, all of it");
        }
        return of(words.subList(2, words.size()));
    }

    private static Recipe of(List<String> words) {
        List<String> assignments = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("+") && !assignments.isEmpty()) {
                int last = assignments.size() - 1;
                assignments.set(last, assignments.get(last) + word.substring(1));
            } else {
                assignments.add(word);
            }
        }
        Map<String, String> fixed = new LinkedHashMap<>();
        List<String> overrides = new ArrayList<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            String key = equals < 0 ? assignment : assignment.substring(0, equals);
            if (KEYS.contains(key)) {
                fixed.put(key, assignment.substring(equals + 1));
            } else {
                overrides.add(decode(assignment));
            }
        }
        return new Recipe(
                Integer.parseInt(fixed.getOrDefault("semantics", "0")),
                decode(fixed.getOrDefault("scenario", "")),
                fixed.getOrDefault("yaml", ""),
                !fixed.getOrDefault("eflags", "all").equals("control"),
                fixed.getOrDefault("guest", ""),
                List.copyOf(overrides),
                fixed.getOrDefault("digest", ""));
    }
}
