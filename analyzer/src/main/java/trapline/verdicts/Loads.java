package trapline.verdicts;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Journals packed into loads: what one task works off, and one part of a data set holds. Packing looks at the journals alone,
 * never at who works, so that the same journals give the same parts anywhere.
 */
public final class Loads {

    /** Bytes of a load, if it is of more than one journal. */
    public static final long BYTES = 128L << 20;

    /** Journals of a load at the most: what is lost when its worker is. */
    public static final int JOURNALS_MAX = 500;

    private Loads() {}

    /**
     * One load.
     *
     * @param journals in the order of the verdicts
     * @param bytes their size
     */
    public record Load(List<Path> journals, long bytes) {}

    /** Packs journals in their order; one that is larger than a load has one of its own. */
    public static List<Load> pack(List<Path> journals) {
        List<Load> loads = new ArrayList<>();
        List<Path> open = new ArrayList<>();
        long bytes = 0;
        for (Path journal : journals) {
            long size = size(journal);
            if (!open.isEmpty() && (bytes + size > BYTES || open.size() == JOURNALS_MAX)) {
                loads.add(new Load(List.copyOf(open), bytes));
                open.clear();
                bytes = 0;
            }
            open.add(journal);
            bytes += size;
        }
        if (!open.isEmpty()) {
            loads.add(new Load(List.copyOf(open), bytes));
        }
        return loads;
    }

    /** Size of a bundle, or of a journal's data files; 0 where it cannot be told, which reading it will complain about. */
    static long size(Path journal) {
        try {
            if (!Files.isDirectory(journal)) {
                return Files.size(journal);
            }
            long bytes = 0;
            try (DirectoryStream<Path> files = Files.newDirectoryStream(journal, "*.cq4")) {
                for (Path file : files) {
                    bytes += Files.size(file);
                }
            }
            return bytes;
        } catch (IOException e) {
            return 0;
        }
    }
}
