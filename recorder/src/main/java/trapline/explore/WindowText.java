package trapline.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Windows in a terminal: the C with a count in the gutter, below each line a letter for each instruction. */
public final class WindowText {

    private static final String LEGEND =
            ". safe   N opened in new code   U opened in untouched code   X open   c closed   - cannot come";

    private WindowText() {}

    /** The lines. */
    public static List<String> of(WindowMap map) {
        List<String> out = new ArrayList<>();
        for (WindowMap.Line line : map.lines()) {
            boolean known = line.cells().stream().anyMatch(c -> c.state() != WindowMap.State.NOT_REACHED);
            if (known) {
                out.add(head(map, line));
                for (int stimulus = 0; stimulus < map.stimuli().size(); stimulus++) {
                    strips(map, line, stimulus, out);
                }
            }
        }
        out.add("");
        out.add(LEGEND);
        out.addAll(sums(map));
        return out;
    }

    private static String head(WindowMap map, WindowMap.Line line) {
        int now = map.flows().size() - 1;
        long open = line.cells().stream()
                .filter(c -> c.flow() == now && c.state().isOpen())
                .count();
        int number = line.newNumber() > 0 ? line.newNumber() : line.oldNumber();
        return String.format(Locale.ROOT, "%4s %4d %c%s", open > 0 ? "!" + open : "", number, line.mark(), line.text())
                .stripTrailing();
    }

    private static void strips(WindowMap map, WindowMap.Line line, int stimulus, List<String> out) {
        for (int flow = 0; flow < map.flows().size(); flow++) {
            StringBuilder letters = new StringBuilder();
            for (WindowMap.Cell cell : line.cells()) {
                if (cell.stimulus() == stimulus && cell.flow() == flow) {
                    letters.append(cell.state().letter());
                }
            }
            if (!letters.toString().isBlank()) {
                String name = map.flows().size() > 1 ? flow == 0 ? " A " : " B " : " ";
                out.add("          | " + map.stimuli().get(stimulus) + name + letters);
            }
        }
    }

    /** A sentence for each stimulus and flow, and the first window of each. */
    public static List<String> sums(WindowMap map) {
        List<String> out = new ArrayList<>();
        for (int stimulus = 0; stimulus < map.stimuli().size(); stimulus++) {
            for (int flow = 0; flow < map.flows().size(); flow++) {
                out.add(sum(map, stimulus, flow));
            }
        }
        return out;
    }

    private static String sum(WindowMap map, int stimulus, int flow) {
        List<WindowMap.Cell> mine = map.cells().stream()
                .filter(c -> c.stimulus() == stimulus && c.flow() == flow)
                .toList();
        long asked = mine.stream()
                .filter(c -> c.state() != WindowMap.State.NOT_REACHED && c.state() != WindowMap.State.IMPOSSIBLE)
                .count();
        List<WindowMap.Cell> wrong = mine.stream().filter(c -> c.failures() > 0).toList();
        String where = map.stimuli().get(stimulus) + " in " + map.flows().get(flow) + ": ";
        if (asked == 0) {
            return where + "could come at no instruction";
        }
        return wrong.isEmpty()
                ? where + "no window at " + asked + " instructions"
                : where + wrong.size() + " of " + asked + " instructions are windows; first: "
                        + wrong.get(0).check() + ": " + wrong.get(0).sentence();
    }
}
