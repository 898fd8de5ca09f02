package trapline.machine.bus;

/** Thrown where the run is over for good. */
public final class MachineEnd extends RuntimeException {
    /** Why. */
    public final EndReason reason;

    /** One line for people, may be empty. */
    public final String detail;

    /** The guest's exit code, or 0. */
    public final int exitCode;

    /** An end. */
    public MachineEnd(EndReason reason, String detail, int exitCode) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
        this.exitCode = exitCode;
    }

    /** The end of a guest that wants something the machine does not implement. */
    public static MachineEnd unsupported(String what) {
        return new MachineEnd(EndReason.UNSUPPORTED, what, 0);
    }
}
