package trapline.review;

import java.util.List;
import trapline.explore.Outcome;

/**
 * One cause for which scenarios are worse: those whose runs part at one line of the new handler.
 *
 * @param line of the new handler: file and number; empty if unknown
 * @param scenarios that show it, the shortest run first
 * @param title what the first is about
 * @param wrong what goes wrong in the first that did not before
 * @param decided what the two runs decide by, old and new; empty where unknown
 * @param steps where the new run decides, and where that shows
 * @param recipe that makes the new run again; empty if the handler is not the catalogue's
 * @param command that does
 * @param journals old and new, to be compared; empty if they were not kept
 * @param reproduced how many of {@code times} further runs came to the same
 * @param times further runs
 */
public record Finding(
        String line,
        List<String> scenarios,
        String title,
        List<Outcome.Failure> wrong,
        List<String> decided,
        List<Long> steps,
        String recipe,
        String command,
        List<String> journals,
        int reproduced,
        int times) {

    /** Number of the line in the new C, from 1; 0 if unknown. */
    public int number() {
        int colon = line.lastIndexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(line.substring(colon + 1));
    }
}
