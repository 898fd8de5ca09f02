package trapline.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.cli.ExitCode;
import trapline.cli.UserError;
import trapline.cli.WholeOutput;

/** A place for a journal that is thrown away afterwards, unless the user wants to keep it. */
public final class ScratchJournal implements Closeable {

    private static final String PREFIX = "trapline-repro-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,10})-[0-9]+");

    private final Path journal;
    private final boolean kept;
    private final Path folder;

    /**
     * Makes one.
     *
     * @param keep where the journal is to stay; null: it goes when this is closed
     */
    public ScratchJournal(@Nullable Path keep) throws IOException {
        kept = keep != null;
        if (!kept) {
            removeOld();
        }
        folder = keep != null ? keep : temporaryFolder();
        journal = keep != null ? keep : folder.resolve("repeated.journal");
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw new UserError(
                    ExitCode.INTERNAL,
                    System.getProperty("java.io.tmpdir") + ": no temporary folder can be made there; -o DIR takes"
                            + " another place, JDK_JAVA_OPTIONS=-Djava.io.tmpdir=DIR another folder",
                    e);
        }
    }

    /** What processes have left that were killed. */
    private static void removeOld() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path old : folders) {
                Matcher name = NAME.matcher(String.valueOf(old.getFileName()));
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
                        && Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)
                        && Files.isWritable(old)) {
                    WholeOutput.removeTree(old);
                }
            }
        } catch (IOException e) {
            // Somebody else's, or gone by now: whether there is room shows when this run writes.
        }
    }

    public Path path() {
        return journal;
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            WholeOutput.removeTree(folder);
        }
    }
}
