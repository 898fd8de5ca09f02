package trapline.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Windows as SARIF 2.1.0: a result for each line of C and check, at the line. */
public final class WindowSarif {

    private WindowSarif() {}

    /**
     * The document, as maps.
     *
     * @param version of the tool
     */
    public static Map<String, Object> of(WindowMap map, String scenario, String version) {
        Map<String, Object> results = new LinkedHashMap<>();
        TreeSet<String> checks = new TreeSet<>();
        for (WindowMap.Line line : map.lines()) {
            for (WindowMap.Cell cell : line.cells()) {
                if (cell.failures() > 0) {
                    checks.add(cell.check());
                    int number = cell.flow() == map.flows().size() - 1 ? line.newNumber() : line.oldNumber();
                    results.putIfAbsent(
                            cell.flow() + " " + number + " " + cell.stimulus() + " " + cell.check(),
                            result(map, scenario, cell, number));
                }
            }
        }
        List<Object> rules = new ArrayList<>();
        checks.forEach(id -> rules.add(Map.of("id", id)));
        Map<String, Object> driver = new LinkedHashMap<>();
        driver.put("name", "trapline windows");
        driver.put("version", version);
        driver.put("rules", rules);
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("tool", Map.of("driver", driver));
        run.put("results", List.copyOf(results.values()));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        document.put("version", "2.1.0");
        document.put("runs", List.of(run));
        return document;
    }

    private static Map<String, Object> result(WindowMap map, String scenario, WindowMap.Cell cell, int line) {
        String stimulus = map.stimuli().get(cell.stimulus());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ruleId", cell.check());
        result.put("level", cell.state() == WindowMap.State.OPEN ? "warning" : "error");
        result.put(
                "message",
                Map.of("text", stimulus + " before " + cell.text() + " in " + scenario + ": " + cell.sentence()));
        String file = map.flows().get(cell.flow()) + ".c";
        result.put(
                "locations",
                List.of(Map.of(
                        "physicalLocation",
                        Map.of(
                                "artifactLocation",
                                Map.of("uri", file),
                                "region",
                                Map.of("startLine", Math.max(1, line))))));
        result.put(
                "baselineState",
                cell.state() == WindowMap.State.OPEN ? "unchanged" : cell.flow() == 0 ? "absent" : "new");
        return result;
    }
}
