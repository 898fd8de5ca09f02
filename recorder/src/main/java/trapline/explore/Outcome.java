package trapline.explore;

import java.util.ArrayList;
import java.util.List;
import trapline.events.HaltReason;

/**
 * How one run ended and what the checks say of it.
 *
 * @param reason why it ended
 * @param exitCode the guest's
 * @param detail what ended it, for people
 * @param steps retired instructions
 * @param complaints of the kernel itself
 * @param judged whether any check had something to judge
 * @param failures of the checks, one for each check that failed, in the order of the checks
 */
public record Outcome(
        HaltReason reason,
        long exitCode,
        String detail,
        long steps,
        Complaints complaints,
        boolean judged,
        List<Failure> failures) {

    /**
     * What the kernel itself complained of.
     *
     * @param dies times it died
     * @param bugs its BUGs
     * @param warns its warnings
     * @param first the first of all, for people; empty if there is none
     * @param eip where that was
     */
    public record Complaints(int dies, int bugs, int warns, String first, long eip) {}

    /** The outcome's own "checks": what a kernel says itself. */
    private static final String DIES = "DIES";

    private static final String BUGS = "BUG";
    private static final String WARNS = "WARN";
    private static final String ENDS = "ENDS-WELL";

    /**
     * A check that fails.
     *
     * @param check its id
     * @param probe which probe
     * @param place function and offset
     * @param eip linear address of the place; 0 if it is none
     * @param step of the first violating event
     * @param sentence what went wrong
     */
    public record Failure(String check, String probe, String place, long eip, long step, String sentence) {}

    /** Whether the guest came to the end that it was written for. */
    public boolean endsWell() {
        return (reason == HaltReason.EXIT && exitCode == 0) || reason == HaltReason.HALTED;
    }

    /** All that is wrong: the kernel's own complaints first, then the checks. */
    public List<Failure> wrong() {
        List<Failure> all = new ArrayList<>();
        if (complaints.dies() > 0) {
            all.add(own(DIES, "the kernel dies: " + complaints.first()));
        }
        if (complaints.bugs() > 0) {
            all.add(own(BUGS, "the kernel hits a BUG: " + complaints.first()));
        }
        if (complaints.warns() > 0) {
            all.add(own(WARNS, "the kernel warns: " + complaints.first()));
        }
        if (!endsWell() && complaints.dies() + complaints.bugs() == 0) {
            all.add(own(
                    ENDS,
                    reason == HaltReason.EXIT
                            ? "the workload finds that it went wrong: exit code " + exitCode
                            : "the run does not end: " + reason.label() + (detail.isEmpty() ? "" : ", " + detail)));
        }
        all.addAll(failures);
        return all;
    }

    private Failure own(String check, String sentence) {
        return new Failure(check, "none", "", complaints.eip(), steps, sentence);
    }

    /**
     * What is wrong here that was not wrong there.
     *
     * @param base the run without what was done to this one
     */
    public List<Failure> worseThan(Outcome base) {
        List<String> known = base.wrong().stream().map(Failure::check).toList();
        return wrong().stream().filter(f -> !known.contains(f.check())).toList();
    }
}
