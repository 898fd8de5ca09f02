package trapline.record;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import trapline.analyze.ExitCode;
import trapline.analyze.UserError;

/** Removes a journal that is to be replaced, and nothing that could be anything else. */
final class OldJournal {

    private OldJournal() {}

    static void remove(Path journal) throws IOException {
        if (!Files.isDirectory(journal, LinkOption.NOFOLLOW_LINKS)) {
            throw refusal(journal, "not a directory");
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(journal)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.endsWith(".cq4") && !name.endsWith(".cq4t")) {
                    throw refusal(journal, "holds " + name);
                }
                files.add(entry);
            }
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(journal);
    }

    private static UserError refusal(Path journal, String why) {
        return new UserError(
                ExitCode.USAGE, journal + ": " + why + ", so it is not a journal; --force does not remove it");
    }
}
