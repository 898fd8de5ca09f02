package trapline.recording;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import trapline.bundle.GuestFolder;
import trapline.cli.ExitCode;
import trapline.cli.UserError;

/** Removes a journal that is to be replaced, and nothing that could be anything else. */
public final class OldJournal {

    private OldJournal() {}

    public static void remove(Path journal) throws IOException {
        if (!Files.isDirectory(journal, LinkOption.NOFOLLOW_LINKS)) {
            throw refusal(journal, "not a directory");
        }
        List<Path> files = new ArrayList<>();
        for (Path entry : entries(journal)) {
            String name = entry.getFileName().toString();
            if (name.equals(GuestFolder.NAME) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                addGuest(journal, entry, files);
            } else if (!name.endsWith(".cq4") && !name.endsWith(".cq4t")) {
                throw refusal(journal, "holds " + name);
            }
            files.add(entry);
        }
        if (!files.isEmpty() && files.stream().noneMatch(file -> file.toString().endsWith(".cq4"))) {
            throw refusal(journal, "has no .cq4 file");
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(journal);
    }

    /** Objects and sources, in folders one deep; a folder comes behind what is in it. */
    private static void addGuest(Path journal, Path guest, List<Path> files) throws IOException {
        for (Path entry : entries(guest)) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                for (Path file : entries(entry)) {
                    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                        throw refusal(journal, "holds " + journal.relativize(file));
                    }
                    files.add(file);
                }
            }
            files.add(entry);
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            List<Path> list = new ArrayList<>();
            entries.forEach(list::add);
            return list;
        }
    }

    private static UserError refusal(Path journal, String why) {
        return new UserError(
                ExitCode.USAGE, journal + ": " + why + ", so it is not a journal; --force does not remove it");
    }
}
