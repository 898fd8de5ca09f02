package trapline.machine.tape;

/** A strip of decoded code, to which a {@link Tape} gives a number. */
public abstract class TapeStrip {
    /** When a tape gave it a number, and which. */
    long numbering;

    int number;

    /** For subclasses. */
    protected TapeStrip() {}

    /** Which of its instructions write the status flags; always the same object. */
    protected abstract StripSites sites();
}
