package trapline.guest;

/** A guest that cannot be loaded. The message is one line: which file, where in it, what is wrong. */
public final class GuestException extends Exception {

    /**
     * Makes one.
     *
     * @param message the whole line
     */
    public GuestException(String message) {
        super(message);
    }

    /**
     * One that names a place in a file.
     *
     * @param file name of the file
     * @param offset in bytes from its start
     * @param what what is wrong there
     */
    static GuestException at(String file, long offset, String what) {
        return new GuestException(file + ": offset 0x" + Long.toHexString(offset) + ": " + what);
    }
}
