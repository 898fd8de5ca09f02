package trapline.review;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import trapline.diff.Code;
import trapline.diff.Divergence;
import trapline.diff.Explanation;
import trapline.diff.RunDiff;
import trapline.events.EventKind;
import trapline.journal.Journal;
import trapline.recording.GuestBuild;
import trapline.recording.GuestCode;

/**
 * Where the runs of one scenario part.
 *
 * @param line of the new handler, file and number; empty if unknown
 * @param decided what each run decides by, old and new; empty where they do not part
 * @param steps where the new run decides, and where that shows
 */
record Parting(String line, List<String> decided, List<Long> steps) {

    private static final Pattern LINE = Pattern.compile("\\[([^\\[\\]]+:\\d+)\\]");

    /**
     * Reads both journals.
     *
     * @param complained where the kernel first complains in the new run; 0 if it does not
     */
    static Parting of(Recorded old, Recorded now, long complained) throws IOException {
        try (Journal a = Journal.open(old.journal());
                Journal b = Journal.open(now.journal())) {
            RunDiff diff = RunDiff.of(a, b, EnumSet.noneOf(EventKind.class), GuestCode::of);
            if (diff.equal()) {
                return new Parting("", List.of(), List.of());
            }
            Explanation inA = Objects.requireNonNull(diff.explanationA());
            Explanation inB = Objects.requireNonNull(diff.explanationB());
            Divergence first = diff.divergences().get(0);
            return new Parting(
                    line(inB, now, complained),
                    List.of(inA.deciding(), inB.deciding()),
                    List.of(inB.decidedStep(), first.b().firstStep()));
        }
    }

    /** Where the handler itself complains; else where it decides; else where it goes another way. */
    private static String line(Explanation explanation, Recorded run, long complained) {
        Code code = GuestCode.of(run.guest());
        String branch = source(code, explanation.branchAddress());
        String file = branch.substring(0, branch.lastIndexOf(':') + 1);
        String complaint = source(code, complained);
        if (!file.isEmpty() && complaint.startsWith(file)) {
            return complaint;
        }
        Matcher decided = LINE.matcher(explanation.deciding());
        return decided.find() && decided.group(1).startsWith(file) ? decided.group(1) : branch;
    }

    private static String source(Code code, long address) {
        List<Code.Instruction> at = address <= 0 ? List.of() : code.listing(address, address + 1);
        return at.isEmpty() ? "" : at.get(0).source();
    }

    /**
     * A run that was recorded.
     *
     * @param guest what ran
     * @param journal where it is
     * @param recipe that makes it again; empty if there is none
     */
    record Recorded(GuestBuild guest, Path journal, String recipe) {}
}
