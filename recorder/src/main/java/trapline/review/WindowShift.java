package trapline.review;

import java.util.List;

/**
 * Windows that are in one handler and not in the other: one kind of stimulus, one line of C.
 *
 * @param opened whether the new handler has them; if not, the old one had
 * @param stimulus what is done
 * @param checks what it makes fail, the kernel's own complaints first
 * @param line of the handler that has them: file and number; empty if unknown
 * @param instructions how many of the line's instructions are such windows
 * @param scenario one that shows it
 * @param scenarios how many do
 * @param step at which the stimulus comes in that one
 * @param sentence what goes wrong
 */
public record WindowShift(
        boolean opened,
        String stimulus,
        List<String> checks,
        String line,
        int instructions,
        String scenario,
        int scenarios,
        long step,
        String sentence) {}
