package trapline.samples.conformance;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One case of the trap corpus; README.md describes the notation. */
final class TrapCase {
    static final int END_VECTOR = 0x30;
    static final int START_VECTOR = 0x31;

    final String file;
    final int line;
    final String name;
    String cite = "";
    String asm = "";
    byte[] code = new byte[0];
    List<Integer> rings = List.of(0, 3);
    final BoxState before = BoxState.base();
    final int[] debug = {0, 0, 0, 0, 0x400};
    final List<Patch> patches = new ArrayList<>();
    final List<Expected> traps = new ArrayList<>();
    /** Registers expected at the end; empty if the case ends at a trap. */
    Map<String, Integer> end = Map.of();

    boolean isEnded;
    /** The case ends in a triple fault. */
    boolean isShutdown;
    /** Where QEMU is not asked, or known to be wrong: the reason, else empty. */
    String notOnQemu = "";

    String notOnHardware = "";

    /** A trap line: fields that must match, and what the driver's handler does before its IRET. */
    record Expected(int vector, Map<String, Integer> fields, List<String> actions, boolean isOwn) {
        boolean isStop() {
            return actions.contains("stop");
        }
    }

    TrapCase(String file, int line, String name) {
        this.file = file;
        this.line = line;
        this.name = name;
        before.eflags = 0x202;
    }

    /** Adds a line of the case. */
    void add(String text) {
        String keyword = text.split(" ", -1)[0];
        String rest = text.substring(keyword.length()).trim();
        switch (keyword) {
            case "cite" -> cite = rest;
            case "asm" -> asm += asm.isEmpty() ? rest : "; " + rest;
            case "code" -> code = HexFormat.of().parseHex(rest.replace(" ", ""));
            case "ring" ->
                rings = List.of(rest.split(" ", -1)).stream()
                        .map(Integer::valueOf)
                        .toList();
            case "in" -> input(rest);
            case "mem" -> patches.add(Patch.parse(rest));
            case "gate" -> gate(rest.split(" ", -1));
            case "page" -> page(rest.split(" ", -1));
            case "trap" -> traps.add(expected(rest));
            case "end" -> {
                isEnded = true;
                end = fields(rest);
            }
            case "shutdown" -> isShutdown = true;
            case "not-on-qemu" -> notOnQemu = rest;
            case "not-on-hardware" -> notOnHardware = rest;
            default -> throw new IllegalArgumentException(file + ":" + line + ": no such line: " + text);
        }
    }

    private void input(String rest) {
        for (Map.Entry<String, Integer> field : fields(rest).entrySet()) {
            String key = field.getKey();
            if (key.startsWith("dr")) {
                debug[key.equals("dr7") ? 4 : key.charAt(2) - '0'] = field.getValue();
            } else if (!before.set(key, field.getValue())) {
                throw new IllegalArgumentException(file + ":" + line + ": no such register: " + key);
            }
        }
    }

    /** {@code gate 01 +20 8e}: a handler of the case's own; the third word is the descriptor's type byte. */
    private void gate(String[] words) {
        int handler = offset(words[1]);
        int type = Integer.parseInt(words[2], 16);
        byte[] gate = {
            (byte) handler,
            (byte) (handler >>> 8),
            0x10,
            0,
            0,
            (byte) type,
            (byte) (handler >>> 16),
            (byte) (handler >>> 24)
        };
        patches.add(new Patch(TrapImage.IDT + 8 * Integer.parseInt(words[0], 16), gate));
    }

    private void page(String[] words) {
        int page = Integer.parseUnsignedInt(words[0], 16);
        int entry = page | TrapImage.pageBits(words[1]);
        patches.add(new Patch(TrapImage.TABLE + (page >>> 12) * 4, TrapImage.little(entry)));
    }

    /** Whether the expectation is incomplete: the end is missing. {@code -Dupdate.expected=true} completes it. */
    boolean isDraft() {
        return !isEnded && !isShutdown && traps.stream().noneMatch(Expected::isStop);
    }

    boolean hasOwnGate(int vector) {
        return patches.stream().anyMatch(patch -> patch.address() == TrapImage.IDT + 8 * vector);
    }

    private Expected expected(String rest) {
        int arrow = rest.indexOf("->");
        String what = arrow < 0 ? rest : rest.substring(0, arrow).trim();
        List<String> actions =
                arrow < 0 ? List.of() : List.of(rest.substring(arrow + 2).trim().split(" ", -1));
        int space = what.indexOf(' ');
        int vector = Vectors.parse(space < 0 ? what : what.substring(0, space));
        return new Expected(vector, fields(space < 0 ? "" : what.substring(space + 1)), actions, hasOwnGate(vector));
    }

    static Map<String, Integer> fields(String text) {
        Map<String, Integer> fields = new LinkedHashMap<>();
        for (String token : text.trim().split(" +", -1)) {
            int equals = token.indexOf('=');
            if (equals > 0) {
                fields.put(token.substring(0, equals), offset(token.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static int offset(String text) {
        return text.startsWith("+")
                ? Box.CODE + Integer.parseInt(text.substring(1), 16)
                : Integer.parseUnsignedInt(text, 16);
    }

    /** Code with the INT that ends the case. */
    byte[] codeWithEnd() {
        byte[] all = new byte[code.length + 2];
        System.arraycopy(code, 0, all, 0, code.length);
        all[code.length] = (byte) 0xcd;
        all[code.length + 1] = END_VECTOR;
        return all;
    }

    @Override
    public String toString() {
        return file + ":" + line + " " + name;
    }
}
