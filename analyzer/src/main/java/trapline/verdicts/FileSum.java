package trapline.verdicts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A sum over the bytes of a journal or bundle, to see whether it is still what it was. The digest in the footer does not
 * show that: it stays when a block is damaged. Reading the bytes alone is many times faster than judging the events.
 */
final class FileSum {
    private static final int CHUNK_BYTES = 1 << 16;

    private FileSum() {}

    /** Of the file, or of the files in the directory: their names, sizes and bytes. */
    static String of(Path journal) throws IOException {
        if (!Files.isDirectory(journal)) {
            return sum(journal);
        }
        Map<String, String> sums = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(journal, "*.cq4")) {
            for (Path file : files) {
                sums.put(String.valueOf(file.getFileName()), sum(file));
            }
        }
        return sums.toString();
    }

    private static String sum(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] chunk = new byte[CHUNK_BYTES];
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                crc.update(chunk, 0, n);
                size += n;
            }
        }
        return Long.toHexString(crc.getValue()) + "/" + size;
    }
}
