package trapline.review;

import trapline.events.Visible;

/** Text in markup. */
final class Xml {

    private Xml() {}

    static String escape(String text) {
        return Visible.line(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
