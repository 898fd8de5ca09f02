package trapline.record;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.cli.ExitCode;
import trapline.cli.Reason;
import trapline.cli.UserError;
import trapline.exchange.MailText;
import trapline.guest.GuestException;
import trapline.recording.GuestCompiler;
import trapline.review.PatchText;
import trapline.review.Posting;
import trapline.review.Side;
import trapline.scenario.Catalogue;

/** What {@code review} is about: the old handler, the new one, and the mail that it came in. */
final class ReviewSides {

    private static final String DEFAULT_BASE = "linux-2.6.24";
    private static final int BYTES_MAX = 32 << 20;
    private static final Pattern PARENT = Pattern.compile("(?m)^From: ([A-Za-z0-9._-]+)$");

    private final Path scratch;
    private final PrintStream err;
    private @Nullable Side base;
    private @Nullable Side now;
    private Posting posting = Posting.NONE;
    private boolean wasPatched;

    ReviewSides(Path scratch, PrintStream err) {
        this.scratch = scratch;
        this.err = err;
    }

    /** A mail that changes no handler that could be run. */
    static final class NotAboutHandlers extends Exception {
        private static final long serialVersionUID = 1;

        NotAboutHandlers(String message) {
            super(message);
        }
    }

    Side base() {
        return java.util.Objects.requireNonNull(base);
    }

    Side now() {
        return java.util.Objects.requireNonNull(now);
    }

    /** Whether the C of the new handler is nobody's file yet. */
    boolean wasPatched() {
        return wasPatched;
    }

    Posting posting() {
        return posting;
    }

    /**
     * Finds them.
     *
     * @param posted as on the command line; {@code -} for standard input
     * @param old as on the command line; null if it is not given
     * @param mail to be answered; null if {@code posted} is one, or there is none
     */
    void resolve(@Nullable String posted, @Nullable String old, @Nullable Path mail)
            throws IOException, NotAboutHandlers {
        if (posted == null) {
            throw new UserError(
                    ExitCode.USAGE, "review needs NEW: a flow, a .c or .o file, a patch or a mail with one");
        }
        if (mail != null) {
            posting = Posting.of(MailText.of(read(mail)));
        }
        if (isPatch(posted)) {
            String text = MailText.of(posted.equals("-") ? System.in.readNBytes(BYTES_MAX) : read(Path.of(posted)));
            patched(text, posted.equals("-") ? "standard input" : posted, old);
            posting = mail == null ? Posting.of(text) : posting;
        } else {
            now = side(posted);
            base = side(old == null ? parent(posted) : old);
        }
    }

    private static boolean isPatch(String posted) {
        return posted.equals("-") || (!posted.matches(".*\\.[co]") && Files.isRegularFile(Path.of(posted)));
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new UserError(ExitCode.UNREADABLE, file + ": is larger than a mail can be");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(ExitCode.UNREADABLE, file + ": " + Reason.of(e), e);
        }
    }

    /** A flow of the catalogue that is a patch of another one replaces that. */
    private static String parent(String flow) {
        byte[] patch = Catalogue.find("guest/flows/bugs/" + flow + ".patch");
        Matcher parent = PARENT.matcher(patch == null ? "" : new String(patch, StandardCharsets.UTF_8));
        return parent.find() ? parent.group(1) : DEFAULT_BASE;
    }

    private void patched(String text, String from, @Nullable String old) throws IOException, NotAboutHandlers {
        List<PatchText> changes = PatchText.all(text);
        if (changes.isEmpty()) {
            throw new NotAboutHandlers(from + ": has no patch in it (--- a/FILE, +++ b/FILE, @@); to answer a mail that"
                    + " quotes one, name the handler: trapline review NEW.c --mail " + from);
        }
        Matcher parent = PARENT.matcher(text);
        String named = parent.find() ? parent.group(1) : "";
        String why = "";
        for (PatchText change : changes) {
            Side candidate = old != null ? side(old) : known(change, named);
            if (candidate != null && !candidate.source().isEmpty()) {
                String misfit = place(change, candidate, old == null);
                if (misfit.isEmpty()) {
                    return;
                }
                why = why.isEmpty()
                        ? from + ": " + misfit + " " + candidate.name() + "; name the file before it with"
                                + " --base FILE.c"
                        : why;
            }
        }
        throw new NotAboutHandlers(
                why.isEmpty()
                        ? from + ": changes " + changes.get(0).newName()
                                + ", which is no flow of the catalogue; name the file that it changes with --base FILE.c"
                        : why);
    }

    /** Empty, or why the change fits neither forwards nor, where that is allowed, backwards. */
    private String place(PatchText change, Side side, boolean mayBeMade) throws IOException {
        try {
            apply(change, side);
            return "";
        } catch (IllegalArgumentException misfit) {
            try {
                if (mayBeMade) {
                    undo(change, side);
                    return "";
                }
            } catch (IllegalArgumentException alsoMisfit) {
                // it is the first that says where
            }
            return String.valueOf(misfit.getMessage());
        }
    }

    private @Nullable Side known(PatchText change, String parent) throws IOException {
        for (String name : List.of(parent, base(change.oldName()))) {
            if (!name.isEmpty() && Catalogue.has("guest/flows/" + name + ".o")) {
                return side(name);
            }
        }
        return change.oldName().endsWith(".c")
                        && !change.oldName().contains("..")
                        && Files.isRegularFile(Path.of(change.oldName()))
                ? side(change.oldName())
                : null;
    }

    private static String base(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return name.endsWith(".c") ? name.substring(0, name.length() - 2) : "";
    }

    private void apply(PatchText change, Side old) throws IOException {
        String name = base(change.newName());
        String file = name.isEmpty() || name.equals(old.name()) ? old.name() + "-patched" : name;
        Path written = write(file, change.apply(old.source()));
        Side made = side(written.toString());
        base = old;
        now = new Side(made.name(), String.valueOf(written.getFileName()), made.run(), made.source(), made.compiler());
        wasPatched = true;
    }

    /** The file that a patch names may have it already, as after {@code git am}: then it is the new handler. */
    private void undo(PatchText change, Side changed) throws IOException {
        base = side(
                write(changed.name() + "-before", change.undo(changed.source())).toString());
        now = changed;
    }

    private Path write(String name, String source) throws IOException {
        Path file = Files.createDirectories(scratch.resolve("patched"))
                .resolve(name.replaceAll("[^A-Za-z0-9._+-]", "_") + ".c");
        return Files.writeString(file, source);
    }

    private Side side(String flow) throws IOException {
        try {
            Path file = Path.of(flow);
            return Files.isRegularFile(file) ? Side.ofFile(file, scratch) : Side.ofCatalogue(flow);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        } catch (GuestCompiler.Refused e) {
            err.print(e.output());
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        } catch (GuestException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }
}
