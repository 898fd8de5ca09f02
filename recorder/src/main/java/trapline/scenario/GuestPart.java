package trapline.scenario;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A part of the guest that a scenario names.
 *
 * @param name of the catalogue, or the file's name without its ending
 * @param file an object, a C source or an executable; null: the catalogue's object
 */
public record GuestPart(String name, @Nullable Path file) {

    /** Whether it is C to be compiled first. */
    public boolean isSource() {
        return file != null && file.toString().endsWith(".c");
    }

    /** The file's own name, without its folder, which is nobody else's business. */
    String fileName() {
        return file == null ? name : String.valueOf(file.getFileName());
    }

    static GuestPart ofFile(Path file) {
        String base = String.valueOf(file.getFileName());
        int dot = base.lastIndexOf('.');
        return new GuestPart(dot <= 0 ? base : base.substring(0, dot), file);
    }
}
