package trapline.manual;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * A page of the manual that is about no single command.
 *
 * @param name what is asked for, such as {@code scenario}
 * @param section of the manual: 5 for formats of files, 7 for everything else
 * @param title one line that says what it is about
 * @param markdown makes its text when it is asked for
 */
public record ManualPage(String name, int section, String title, Supplier<String> markdown) {

    /** A page whose text is a resource in the executable. */
    public static ManualPage ofResource(String name, int section, String title, String resource) {
        return new ManualPage(name, section, title, () -> text(resource));
    }

    /**
     * A text in the executable.
     *
     * @param resource absolute name, without a slash in front
     */
    static String text(String resource) {
        try (InputStream in = ManualPage.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the executable is damaged: " + resource + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
