package trapline.machine;

/** Thrown where the run is over for good. */
final class MachineEnd extends RuntimeException {
    final EndReason reason;
    final String detail;
    final int exitCode;

    MachineEnd(EndReason reason, String detail, int exitCode) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
        this.exitCode = exitCode;
    }

    static MachineEnd unsupported(String what) {
        return new MachineEnd(EndReason.UNSUPPORTED, what, 0);
    }
}
