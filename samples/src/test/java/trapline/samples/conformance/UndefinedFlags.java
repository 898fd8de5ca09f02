package trapline.samples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code undefined.txt}: which flags and results the manual leaves undefined, the only place that says so. */
final class UndefinedFlags {
    private static final Map<String, Integer> BITS =
            Map.of("CF", 1, "PF", 4, "AF", 0x10, "ZF", 0x40, "SF", 0x80, "OF", 0x800);

    private record Rule(List<String> mnemonics, String when, int mask, boolean isResult) {}

    private final List<Rule> rules = new ArrayList<>();

    /** Reads the list: lines of {@code mnemonics | when | what | what the hardware did}. */
    UndefinedFlags() throws IOException {
        for (String line : Files.readAllLines(CorpusTables.FOLDER.resolve("undefined.txt"))) {
            String[] columns = line.split("\\|", -1);
            if (columns.length == 4 && !line.startsWith("#")) {
                int mask = 0;
                List<String> what = List.of(columns[2].trim().split(" ", -1));
                for (String flag : what) {
                    mask |= BITS.getOrDefault(flag, 0);
                }
                rules.add(new Rule(
                        List.of(columns[0].trim().split(" ", -1)), columns[1].trim(), mask, what.contains("result")));
            }
        }
    }

    /** EFLAGS bits that need not match for that case. */
    int mask(CorpusForm form, CorpusCase test) {
        return rules.stream()
                .filter(rule -> applies(rule, form, test))
                .mapToInt(Rule::mask)
                .reduce(0, (a, b) -> a | b);
    }

    /** All EFLAGS bits that can be undefined for a form. */
    int maskAtMost(CorpusForm form) {
        return rules.stream()
                .filter(rule -> rule.mnemonics.contains(form.mnemonic()))
                .mapToInt(Rule::mask)
                .reduce(0, (a, b) -> a | b);
    }

    /** Names of the flags in a mask, or an empty string. */
    static String names(int mask) {
        return Stream.of("OF", "SF", "ZF", "AF", "PF", "CF")
                .filter(name -> (mask & BITS.getOrDefault(name, 0)) != 0)
                .collect(Collectors.joining(" "));
    }

    /** Whether the destination is undefined too. */
    boolean isResultUndefined(CorpusForm form, CorpusCase test) {
        return rules.stream().anyMatch(rule -> rule.isResult && applies(rule, form, test));
    }

    private static boolean applies(Rule rule, CorpusForm form, CorpusCase test) {
        if (!rule.mnemonics.contains(form.mnemonic())) {
            return false;
        }
        int bits = form.operandBits();
        int count = count(form, test);
        return switch (rule.when) {
            case "always" -> true;
            case "count>0" -> count > 0;
            case "count>1" -> count > 1;
            case "count>=size" -> count >= bits;
            case "count>size" -> count > bits;
            case "16-bit" -> bits == 16;
            default -> throw new IllegalArgumentException("undefined.txt: no such condition: " + rule.when);
        };
    }

    private static int count(CorpusForm form, CorpusCase test) {
        if (form.name().endsWith(",1")) {
            return 1;
        }
        boolean inCl = form.name().endsWith(",cl");
        return (inCl ? test.before.reg[1] : test.code[test.code.length - 1]) & 31;
    }
}
