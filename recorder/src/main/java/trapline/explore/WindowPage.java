package trapline.explore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Windows as one HTML file: it needs nothing else, neither net nor mouse. */
public final class WindowPage {

    private WindowPage() {}

    /**
     * The page.
     *
     * @param title of the browser's window
     * @param json the {@link WindowMap}, with {@code scenario}
     */
    public static String of(String title, String json) {
        // A script element ends at the first "</", whatever it holds.
        return text("windows.html")
                .replace("@TITLE@", escape(title))
                .replace("@CSS@", text("windows.css"))
                .replace("@JS@", text("windows.js"))
                .replace("@DATA@", json.replace("</", "<\\/").replace("<!--", "<\\u0021--"));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String text(String name) {
        try (InputStream in = WindowPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
