package trapline.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import trapline.guest.GuestException;

/**
 * What a C source may read while it is compiled: its own folder, the guest's headers and those of the compiler. What it
 * reads ends up in an object, in a journal, in a bundle, and so with other people.
 */
final class SourceReach {

    /** {@code # 1 "file" 1}: the preprocessor enters a file. */
    private static final Pattern ENTERED = Pattern.compile("(?m)^# 1 \"((?:[^\"\\\\]|\\\\.)*)\" 1\\b");

    /** The one directive of preprocessed text that has a file read. */
    private static final String PRECOMPILED = "pch_preprocess";

    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"");
    private static final Pattern READS = Pattern.compile("\\.(incbin|include)\\b");

    private final Path source;
    private final Path folder;
    private final List<Path> shipped;
    private final Path work;

    /**
     * The reach of one source.
     *
     * @param source for messages
     * @param folder its own, as {@link #folderOf} tells
     * @param runtime the guest's headers
     * @param compilers the compiler's headers
     * @param work where the compiler runs, from which the names that it tells start
     */
    SourceReach(Path source, Path folder, Path runtime, Path compilers, Path work) throws IOException {
        this.source = source;
        this.folder = folder;
        this.shipped = List.of(runtime.toRealPath(), Files.exists(compilers) ? compilers.toRealPath() : runtime);
        this.work = work;
    }

    /**
     * A source's own folder.
     *
     * @return where it really is
     * @throws GuestException if the source is a link that leads out of there
     */
    static Path folderOf(Path source) throws IOException, GuestException {
        Path parent = Objects.requireNonNullElse(source.toAbsolutePath().getParent(), Path.of("/"));
        Path folder = parent.toRealPath();
        Path real = source.toRealPath();
        if (!real.startsWith(folder)) {
            throw new GuestException(source + ": is a link that leads out of its folder, to " + real);
        }
        if (!Files.isRegularFile(real)) {
            throw new GuestException(source + ": not a regular file");
        }
        return folder;
    }

    /** Files that the preprocessor says it has entered; it may have failed since. */
    void checkMarkers(String expanded) throws GuestException {
        Matcher entered = ENTERED.matcher(expanded);
        while (entered.find()) {
            String name = entered.group(1).replaceAll("\\\\(.)", "$1");
            // A name that cannot be told is left to the rule, without which nothing is compiled.
            if (Files.exists(work.resolve(name))) {
                check(name);
            }
        }
    }

    /** Files in the rule for make that the preprocessor writes. */
    void checkIncluded(String rule) throws GuestException {
        for (String name : prerequisites(rule)) {
            check(name);
        }
    }

    /** What is left in the text must not have the compiler read files. */
    void checkDirectives(String expanded) throws GuestException {
        if (expanded.contains(PRECOMPILED)) {
            throw new GuestException(source + ": names a precompiled header (" + PRECOMPILED + "), which is refused");
        }
    }

    private void check(String name) throws GuestException {
        // Prefixes are mapped in markers, and not in the rule.
        Path file = work.resolve(name.startsWith("runtime/") ? "../" + name : name);
        try {
            Path real = (Files.exists(file) ? file : folder.resolve(name)).toRealPath();
            if (Files.isRegularFile(real) && (isOwn(real) || shipped.stream().anyMatch(real::startsWith))) {
                return;
            }
        } catch (IOException e) {
            // It is gone, or never was: refused all the same.
        }
        throw new GuestException(source + ": includes " + name.replaceFirst("^\\.\\./source/", "")
                + ", which is not in its own folder and none of the guest's headers");
    }

    private boolean isOwn(Path real) {
        if (!real.startsWith(folder)) {
            return false;
        }
        for (Path part : folder.relativize(real)) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
    }

    /** Refuses an assembler text that plainly reads files, before its content can appear in messages. */
    static void checkAssembler(Path source, String text) throws GuestException {
        Matcher reads =
                READS.matcher(QUOTED.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("\"\""));
        if (reads.find()) {
            throw reading(source, '.' + reads.group(1));
        }
    }

    /** Refuses an assembler text that turned out to have read files, however it spelt that. */
    static void checkAssembled(Path source, String rule, List<String> known) throws GuestException {
        for (String name : prerequisites(rule)) {
            if (!known.contains(name)) {
                throw reading(source, name);
            }
        }
    }

    private static GuestException reading(Path source, String what) {
        return new GuestException(source + ": its assembler text reads a file (" + what + "), which is refused");
    }

    /** The names behind the colon of make's {@code target: a b\ c \}, with the quoting taken away. */
    private static List<String> prerequisites(String rule) {
        String text = rule.substring(rule.indexOf(": ") + 1).replace("\\\n", " ");
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                add(names, name);
            } else if (i + 1 < text.length() && isQuoting(c, text.charAt(i + 1))) {
                name.append(text.charAt(++i));
            } else {
                name.append(c);
            }
        }
        add(names, name);
        return names;
    }

    private static boolean isQuoting(char c, char next) {
        return c == '$' || (c == '\\' && " #:\\".indexOf(next) >= 0);
    }

    private static void add(List<String> names, StringBuilder name) {
        if (!name.isEmpty()) {
            names.add(name.toString());
            name.setLength(0);
        }
    }
}
