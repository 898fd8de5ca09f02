package trapline.cli;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Places that a user names to be written. One that does not fit is wrong use, and is refused before any work is done; what
 * fails while a file is written is not. Only what is named is made, not the directories above it.
 */
public final class Outputs {

    private static final String EXISTS = "exists already; remove it, name another place with -o, or use --force";

    private Outputs() {}

    /** Refuses a place in a directory that does not exist. */
    public static void requireParent(Path place) {
        Path parent = place.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw refusal(
                    place,
                    "there is no directory " + Objects.requireNonNullElse(place.getParent(), parent)
                            + "; make it first, or name another place");
        }
    }

    /** Refuses a place where something is, or that cannot be. */
    public static void requireFree(Path place) {
        requireParent(place);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            throw refusal(place, "exists already; remove it, or name another place with -o");
        }
    }

    /**
     * Refuses a place for a file where something is already: what exists goes only if the user says so. What is no regular
     * file, such as a pipe, is written to.
     */
    public static void requireNew(Path place, boolean force) {
        requireParent(place);
        if (Files.isDirectory(place)) {
            throw refusal(place, "is a directory; name a file");
        }
        if (!force && Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            throw refusal(place, EXISTS);
        }
    }

    /** Refuses a place for a directory that files are written to: it may exist, but without {@code force} be empty only. */
    public static void requireNewDirectory(Path place, boolean force) {
        requireDirectory(place);
        String[] files = place.toFile().list();
        if (!force && files != null && files.length > 0) {
            throw refusal(place, EXISTS.replace("exists already", "is not empty"));
        }
    }

    /** Refuses a place for a directory that files are written to; it may exist. */
    public static void requireDirectory(Path place) {
        requireParent(place);
        if (Files.exists(place) && !Files.isDirectory(place)) {
            throw refusal(place, "is a file; name a directory");
        }
    }

    private static UserError refusal(Path place, String why) {
        return new UserError(ExitCode.USAGE, place + ": " + why);
    }
}
