package trapline.qemu;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a run: FIFO, socket, spooled log, console. All go when it is closed, or when the JVM ends. */
final class Scratch implements Closeable {

    private final Path directory;
    private final Thread hook = new Thread(this::removeQuietly, "remove files of QEMU");

    Scratch() throws IOException {
        directory = Files.createTempDirectory("trapline-qemu");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Makes a FIFO, which Java cannot by itself. */
    Path fifo(String name) throws IOException {
        Path fifo = file(name);
        Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
        try {
            if (mkfifo.waitFor() != 0) {
                throw new QemuException("mkfifo " + fifo + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QemuException("interrupted");
        }
        return fifo;
    }

    private void removeQuietly() {
        try {
            remove();
        } catch (IOException e) {
            // At the end of the JVM there is nobody to tell.
        }
    }

    private void remove() throws IOException {
        if (Files.isDirectory(directory)) {
            List<Path> files;
            try (var list = Files.list(directory)) {
                files = list.toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM ends already, and the hook runs.
        }
        remove();
    }
}
