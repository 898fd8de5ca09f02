package trapline.exchange;

/** A file holds several traces that differ, and nobody has said which is meant. */
public final class AmbiguousMailException extends Exception {

    /** With one line that lists them. */
    AmbiguousMailException(String message) {
        super(message);
    }
}
