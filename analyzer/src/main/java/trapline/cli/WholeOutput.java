package trapline.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import trapline.block.JournalException;

/**
 * What is written is there as a whole, or not at all: it grows beside its place as {@code .NAME.partial} and takes it when
 * it is done. What a killed process has left there goes when the same is written again.
 */
public final class WholeOutput {

    private WholeOutput() {}

    /** Writes a file, or a directory with all that is in it. */
    @FunctionalInterface
    public interface Writer {
        /** Writes it at a place where nothing is. */
        void write(Path partial) throws IOException;
    }

    /**
     * Writes a file or directory.
     *
     * @param place where it is to be; a file that is there is replaced, and what is no file, such as a pipe, is written to
     * @throws UserError if it cannot be written; nothing is left behind then
     * @throws IOException if what is read for it cannot be read
     */
    public static void write(Path place, Writer writer) throws IOException {
        if (Files.exists(place) && !Files.isRegularFile(place)) {
            writer.write(place);
            return;
        }
        Path target = Files.isSymbolicLink(place) && Files.exists(place) ? place.toRealPath() : place;
        Path name = Objects.requireNonNull(target.getFileName(), "a file has a name");
        Path partial = target.resolveSibling("." + name + ".partial");
        removeTree(partial);
        try {
            writer.write(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            if (isAbout(e, partial)) {
                throw new UserError(ExitCode.INTERNAL, unwritten(place, partial, e), e);
            }
            throw e;
        } finally {
            removeTree(partial);
        }
    }

    /** Whether it is the output that failed: what is read is named in the failures of reading. */
    private static boolean isAbout(IOException e, Path partial) {
        boolean named = e instanceof FileSystemException failure
                && failure.getFile() != null
                && !failure.getFile().startsWith(partial.toString());
        return !named && !(e instanceof JournalException);
    }

    private static String unwritten(Path place, Path partial, IOException e) {
        String reason = Reason.of(e).replace(partial.toString(), place.toString());
        return "cannot write " + (reason.contains(place.toString()) ? "" : place + ": ") + reason;
    }

    /** Removes a file, or a directory with all that is in it; follows no links. */
    public static void removeTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path folder, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
