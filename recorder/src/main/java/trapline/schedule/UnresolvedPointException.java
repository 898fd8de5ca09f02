package trapline.schedule;

/** A point names something that this guest does not have. The message is one line that says where it is asked for. */
public final class UnresolvedPointException extends Exception {

    UnresolvedPointException(Point point, String what) {
        super(point.source() + ": " + what);
    }
}
