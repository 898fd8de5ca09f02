package trapline.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import trapline.cli.WholeOutput;

/**
 * The output of a job, see the page of this package. A load's files grow aside and take their places by being renamed;
 * that it is done is written last. Whoever is killed in between leaves nothing that looks whole, and the same load can be
 * done again, also by two at a time.
 */
final class OutputFolder {

    private static final String TEMPORARY = "_temporary";
    private static final String SUCCESS = "_SUCCESS";
    private static final Pattern PART = Pattern.compile("part-([0-9]{5,9})\\..*");

    private final Path folder;

    OutputFolder(Path folder) {
        this.folder = folder;
    }

    private Path outcomeFile(int part) {
        return folder.resolve("_loads").resolve(String.format("part-%05d.json", part));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** What became of a load; null if it is not done. */
    @Nullable LoadOutcome outcome(int part) throws IOException {
        try {
            return LoadOutcome.parse(Files.readString(outcomeFile(part)));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Begins a job of so many loads, perhaps where another has ended: what is of no load goes. */
    void begin(int loads) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(SUCCESS));
        WholeOutput.removeTree(folder.resolve(TEMPORARY));
        List<Path> left = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> partOf(file) >= loads).forEach(left::add);
        }
        for (Path file : left) {
            Files.delete(file);
        }
    }

    private static int partOf(Path file) {
        Matcher name = PART.matcher(String.valueOf(file.getFileName()));
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }

    /** A place of its own for a load's files. */
    Path attempt(int part) throws IOException {
        return Files.createDirectories(
                folder.resolve(TEMPORARY).resolve(String.format("part-%05d-%s", part, UUID.randomUUID())));
    }

    static OutputStream create(Path attempt, String name) throws IOException {
        Path file = attempt.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.newOutputStream(file);
    }

    /** Gives a load's files their places, and says that it is done. */
    void commit(int part, Path attempt, LoadOutcome outcome) throws IOException {
        try (DirectoryStream<Path> tables = Files.newDirectoryStream(attempt)) {
            for (Path table : tables) {
                Path target = Files.createDirectories(folder.resolve(String.valueOf(table.getFileName())));
                try (DirectoryStream<Path> files = Files.newDirectoryStream(table)) {
                    for (Path file : files) {
                        move(file, target.resolve(String.valueOf(file.getFileName())));
                    }
                }
            }
        }
        Path done = attempt.resolve("done.json");
        Files.writeString(done, outcome.json());
        Files.createDirectories(folder.resolve("_loads"));
        move(done, outcomeFile(part));
        WholeOutput.removeTree(attempt);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Says that nothing is missing. */
    void succeed() throws IOException {
        WholeOutput.removeTree(folder.resolve(TEMPORARY));
        Files.writeString(folder.resolve(SUCCESS), "");
    }
}
