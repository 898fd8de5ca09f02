package trapline.samples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where two runs of a guest took different traps, as {@code guests/qemu-wrong.txt} writes it: the number of our trap,
 * counted from 0, and the fields in which the other has something else, or {@code missing}.
 */
final class GuestDifferences {
    /** After so many the runs have nothing to do with each other any more. */
    private static final int MAX = 20;

    private GuestDifferences() {}

    /** The differences; a trap that only the other has is {@code extra}, with its number there. */
    static List<String> of(List<TrapEvent> ours, List<TrapEvent> theirs) {
        List<String> differences = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < ours.size() && differences.size() < MAX; i++) {
            boolean isThere =
                    at < theirs.size() && ours.get(i).vector() == theirs.get(at).vector();
            String fields = isThere ? fields(ours.get(i), theirs.get(at)) : " missing";
            if (!fields.isEmpty()) {
                differences.add(i + fields);
            }
            at += isThere ? 1 : 0;
        }
        for (; at < theirs.size() && differences.size() < MAX; at++) {
            differences.add(at + " extra");
        }
        return differences;
    }

    /** RF is not looked at: QEMU logs before it is set in the image of a fault. */
    private static String fields(TrapEvent our, TrapEvent their) {
        return name("error", our.error(), their.error())
                + name("eip", our.eip(), their.eip())
                + name("eflags", our.eflags() & ~TrapEvent.RF, their.eflags() & ~TrapEvent.RF)
                + name("esp", our.esp(), their.esp())
                + name("cr2", our.cr2(), their.cr2())
                + name("dr6", our.dr6(), their.dr6());
    }

    private static String name(String field, int our, int their) {
        return our == their ? "" : " " + field;
    }

    /** Both sides around the first difference, for people. */
    static String details(List<TrapEvent> ours, List<TrapEvent> theirs) {
        int same = 0;
        while (same < Math.min(ours.size(), theirs.size()) && TrapRuns.isSame(ours.get(same), theirs.get(same))) {
            same++;
        }
        return String.format(
                "first at trap %d: ours (%d) %s, QEMU's (%d) %s",
                same, ours.size(), describe(ours, same), theirs.size(), describe(theirs, same));
    }

    private static String describe(List<TrapEvent> traps, int at) {
        return at < traps.size()
                ? traps.get(at).line() + String.format(" esp=%x", traps.get(at).esp())
                : "none";
    }

    /** What is known of each guest: QEMU is wrong by the manual there, or free to differ. */
    static Map<String, List<String>> known() throws IOException {
        Map<String, List<String>> known = new LinkedHashMap<>();
        for (String line : Files.readAllLines(CorpusTables.FOLDER.resolve("guests/qemu-wrong.txt"))) {
            if (!line.startsWith("#") && line.contains("|")) {
                String[] columns = line.split("\\|", -1);
                known.computeIfAbsent(columns[0].trim(), key -> new ArrayList<>())
                        .add(columns[1].trim());
            }
        }
        return known;
    }
}
