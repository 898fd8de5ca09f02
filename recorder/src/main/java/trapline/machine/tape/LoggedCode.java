package trapline.machine.tape;

/** A strip of decoded code, to which a {@link FlagLog} gives a number. */
public abstract class LoggedCode {
    /** When a log gave it a number, and which. */
    long numbering;

    int number;

    /** For subclasses. */
    protected LoggedCode() {}

    /** Which of its instructions write the status flags; always the same object. */
    protected abstract FlagWrites flagWrites();
}
