package trapline.samples.conformance;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.machine.i386.InstructionTable;

/** How often each row of the machine's instruction table occurs in the corpus. */
final class RowCoverage {
    private final Map<InstructionTable.Entry, Integer> onHardware = new LinkedHashMap<>();
    private final Map<InstructionTable.Entry, Integer> inTraps = new LinkedHashMap<>();

    RowCoverage(List<CorpusReplay.Result> results) throws IOException {
        for (CorpusReplay.Result result : results) {
            for (String line : result.form().lines()) {
                byte[] code = HexFormat.of().parseHex(line.substring(0, line.indexOf(' ')));
                count(onHardware, InstructionTable.entryOf(code, true));
            }
        }
        for (TrapCase test : TrapCorpus.load()) {
            rows(test).forEach(row -> count(inTraps, row));
        }
    }

    private static void count(Map<InstructionTable.Entry, Integer> counts, InstructionTable.@Nullable Entry row) {
        if (row != null) {
            counts.merge(row, 1, Integer::sum);
        }
    }

    /** The rows that the code of a case names too; what lies between its parts is not code. */
    private static Set<InstructionTable.Entry> rows(TrapCase test) {
        Set<InstructionTable.Entry> rows = new LinkedHashSet<>();
        List<String> words = Arrays.asList(test.asm.split("[^a-z0-9]+", -1));
        for (int at = 0; at < test.code.length; at++) {
            byte[] rest = Arrays.copyOfRange(test.code, at, test.code.length);
            InstructionTable.Entry row = InstructionTable.entryOf(rest, true);
            if (row != null && row.isDefined() && words.stream().anyMatch(word -> isNamed(row, word))) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static boolean isNamed(InstructionTable.Entry row, String word) {
        if (row.mnemonic().equals("x87")) {
            return word.startsWith("f");
        }
        boolean hasConditions = row.opcode().endsWith("+c");
        return word.matches(row.mnemonic() + (hasConditions ? "[a-z]+" : "[bwl]?"));
    }

    /** Cases of the instruction tables. */
    int onHardware(InstructionTable.Entry row) {
        return onHardware.getOrDefault(row, 0);
    }

    /** Cases of the trap corpus. */
    int inTraps(InstructionTable.Entry row) {
        return inTraps.getOrDefault(row, 0);
    }
}
