package trapline.samples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rewrites the {@code code}, {@code trap} and {@code end} lines of the corpus with what as and the machine make of it,
 * for {@code -Dupdate.expected=true}. Whoever does that reviews the difference against the manual.
 */
final class TrapUpdate {
    private TrapUpdate() {}

    static void rewrite(List<TrapCase> cases, Path folder) throws IOException, InterruptedException {
        List<byte[]> code = TrapAssembler.assemble(cases, folder);
        Map<String, TrapCase> byName = new LinkedHashMap<>();
        for (int i = 0; i < cases.size(); i++) {
            cases.get(i).code = code.get(i);
            byName.put(cases.get(i).name, cases.get(i));
        }
        for (Path file : TrapCorpus.files()) {
            List<String> lines = new ArrayList<>();
            TrapCase open = null;
            for (String line : Files.readAllLines(file)) {
                boolean isBlank = line.isBlank();
                if (isBlank && open != null) {
                    lines.addAll(expectation(open));
                    open = null;
                }
                if (line.startsWith("case ")) {
                    open = byName.get(line.substring(5).trim());
                }
                if (!line.startsWith("code ") && !line.startsWith("trap ") && !line.startsWith("end")) {
                    lines.add(line);
                }
            }
            if (open != null) {
                lines.addAll(expectation(open));
            }
            Files.write(file, lines);
        }
    }

    private static List<String> expectation(TrapCase test) throws IOException {
        List<List<TrapEvent>> runs = new ArrayList<>();
        for (int ring : test.rings) {
            runs.add(TrapRuns.onMachine(new TrapImage.Run(test, ring)));
        }
        List<String> lines = new ArrayList<>();
        lines.add("code " + HexFormat.of().formatHex(test.code));
        List<List<String>> actions = new ArrayList<>(test.traps.stream()
                .filter(trap -> !trap.isOwn())
                .map(TrapCase.Expected::actions)
                .toList());
        for (TrapEvent event : runs.get(0)) {
            if (event.vector() == TrapCase.END_VECTOR) {
                lines.add(end(test, runs));
                break;
            }
            List<String> action = test.hasOwnGate(event.vector()) || actions.isEmpty() ? List.of() : actions.remove(0);
            lines.add(event.line() + (action.isEmpty() ? "" : " -> " + String.join(" ", action)));
        }
        return lines;
    }

    private static String end(TrapCase test, List<List<TrapEvent>> runs) {
        StringBuilder text = new StringBuilder();
        List<TrapEvent> last = runs.stream().map(run -> run.get(run.size() - 1)).toList();
        text.append(last.get(0).line().replace("trap INT30", "end"));
        for (int r = 0; r < 8; r++) {
            int number = r;
            int value = last.get(0).reg().get(r);
            boolean isEqual = last.stream().allMatch(event -> event.reg().get(number) == value);
            if (isEqual && value != test.before.reg[r]) {
                text.append(String.format(" %s=%x", BoxState.REGISTERS[r], value));
            }
        }
        return text.toString();
    }
}
