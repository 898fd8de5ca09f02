package trapline.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import trapline.machine.i386.InstructionTable;

/** {@code MATRIX.md}: what was compared with what, form by form, and how it went. */
final class Matrix {
    private static final Path FILE = CorpusTables.FOLDER.resolve("MATRIX.md");
    private static final int COUNTS_FROM = 4;
    private static final int EXAMPLES = 3;

    private Matrix() {}

    /**
     * Compares the committed matrix with these results, or rewrites it for {@code -Dupdate.expected=true}.
     *
     * @param isFull whether the results are of all cases; if not, only forms and numbers of cases are compared
     */
    static void check(List<CorpusReplay.Result> results, boolean isFull) throws IOException {
        List<String> lines = lines(results);
        if (isFull && Boolean.getBoolean("update.expected")) {
            Files.write(FILE, lines);
        }
        List<String> committed = Files.readAllLines(FILE);
        if (isFull) {
            assertThat(committed)
                    .as("MATRIX.md; -Pconformance -Dupdate.expected=true rewrites it")
                    .isEqualTo(lines);
        } else {
            assertThat(rows(committed))
                    .as("forms and cases in MATRIX.md; -Pconformance -Dupdate.expected=true rewrites it")
                    .isEqualTo(rows(lines));
        }
    }

    /** Form, encoding and number of cases of each row. */
    private static List<String> rows(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> String.join("|", List.of(line.split("\\|", -1)).subList(0, COUNTS_FROM)))
                .toList();
    }

    private static List<String> lines(List<CorpusReplay.Result> results) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Conformance matrix");
        lines.add("");
        lines.add(
                "Written by `mvn verify -Pconformance -Dupdate.expected=true`, checked by every build. README.md explains.");
        lines.add("");
        Map<String, List<CorpusReplay.Result>> byTable = new LinkedHashMap<>();
        results.forEach(result -> byTable.computeIfAbsent(result.form().table(), key -> new ArrayList<>())
                .add(result));
        summary(lines, byTable);
        traps(lines);
        rules(lines);
        rows(lines, new RowCoverage(results));
        byTable.forEach((table, forms) -> {
            lines.add("## Table " + table);
            lines.add("");
            lines.add("| form | encoding | cases | equal | equal in undefined flags too | may be undefined |");
            lines.add("|---|---|---:|---:|---:|---|");
            forms.forEach(result -> lines.add(row(result)));
            lines.add("");
        });
        lines.remove(lines.size() - 1);
        return lines;
    }

    private static void summary(List<String> lines, Map<String, List<CorpusReplay.Result>> byTable) {
        lines.add("## Instructions: machine and hardware");
        lines.add("");
        lines.add("| table | forms | cases | equal | equal in undefined flags too |");
        lines.add("|---|---:|---:|---:|---:|");
        byTable.forEach((table, forms) -> lines.add(total(table, forms)));
        lines.add(total(
                "all", byTable.values().stream().flatMap(Collection::stream).toList()));
        lines.add("");
    }

    private static String total(String name, List<CorpusReplay.Result> forms) {
        return String.format(
                "| %s | %d | %d | %d | %d |",
                name,
                forms.size(),
                forms.stream().mapToInt(result -> result.form().lines().size()).sum(),
                forms.stream().mapToInt(CorpusReplay.Result::passed).sum(),
                forms.stream().mapToInt(CorpusReplay.Result::passedUnmasked).sum());
    }

    private static String row(CorpusReplay.Result result) {
        CorpusForm form = result.form();
        return String.format(
                "| `%s` | `%s` | %d | %d | %d | %s |",
                form.name(),
                form.encoding(),
                form.lines().size(),
                result.passed(),
                result.passedUnmasked(),
                UndefinedFlags.names(result.mask()));
    }

    private static void traps(List<String> lines) throws IOException {
        lines.add("## Trap corpus: machine, hardware in ring 3, QEMU");
        lines.add("");
        lines.add("| file | cases | runs (case and ring) | seen on hardware | runs compared with QEMU |");
        lines.add("|---|---:|---:|---:|---:|");
        List<TrapCase> all = TrapCorpus.load();
        Map<String, List<String>> hardware = TrapCorpus.hardware();
        for (Path file : TrapCorpus.files()) {
            String name = file.getFileName().toString();
            lines.add(trapRow(
                    name, all.stream().filter(test -> test.file.equals(name)).toList(), hardware));
        }
        lines.add(trapRow("all", all, hardware));
        lines.add("");
        lines.add("Not compared with QEMU 7.2, by the manual's word:");
        lines.add("");
        all.stream()
                .filter(test -> !test.notOnQemu.isEmpty())
                .forEach(test ->
                        lines.add("- `" + test.name + "`: " + test.notOnQemu + ". " + section(test.cite) + "."));
        lines.add("");
    }

    private static void rules(List<String> lines) throws IOException {
        List<TrapCase> all = TrapCorpus.load();
        lines.add("## Trap rules: cases");
        lines.add("");
        lines.add("| rule | manual | cases | for example |");
        lines.add("|---|---|---:|---|");
        for (TrapRules.Rule rule : TrapRules.load()) {
            List<TrapCase> cases = all.stream().filter(rule::covers).toList();
            String examples = cases.stream()
                    .limit(EXAMPLES)
                    .map(test -> "`" + test.name + "`")
                    .collect(Collectors.joining(", "));
            lines.add(String.format("| %s | %s | %d | %s |", rule.name(), rule.section(), cases.size(), examples));
        }
        lines.add("");
    }

    /** The machine's own table, row by row. */
    private static void rows(List<String> lines, RowCoverage coverage) {
        List<InstructionTable.Entry> defined = InstructionTable.entries().stream()
                .filter(InstructionTable.Entry::isDefined)
                .toList();
        lines.add("## Instruction table: rows and their cases");
        lines.add("");
        lines.add(String.format(
                "%d rows, and %d opcodes that raise #UD.",
                defined.size(), InstructionTable.entries().size() - defined.size()));
        lines.add("");
        lines.add("| opcode | instruction | on hardware | in the trap corpus |");
        lines.add("|---|---|---:|---:|");
        for (InstructionTable.Entry row : defined) {
            String instruction = (row.mnemonic() + " " + row.operands()).trim();
            lines.add(String.format(
                    "| `%s` | `%s` | %d | %d |",
                    row.opcode(), instruction, coverage.onHardware(row), coverage.inTraps(row)));
        }
        lines.add("");
    }

    private static String section(String cite) {
        int colon = cite.indexOf(':');
        return colon < 0 ? cite : cite.substring(0, colon);
    }

    private static String trapRow(String name, List<TrapCase> cases, Map<String, List<String>> hardware) {
        return String.format(
                "| %s | %d | %d | %d | %d |",
                name,
                cases.size(),
                TrapCorpus.runs(cases).size(),
                cases.stream().filter(test -> hardware.containsKey(test.name)).count(),
                TrapCorpus.runs(cases).stream()
                        .filter(run -> run.test().notOnQemu.isEmpty())
                        .count());
    }
}
