package trapline.machine.i386;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instructions as AT&amp;T text, as {@code objdump -d} of GNU binutils writes them, from the {@link InstructionTable}. */
public final class Disassembler {
    private static final String[] REG8 = {"al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"};
    private static final String[] REG16 = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs", "?", "?"};
    private static final String[] CONDITIONS = {
        "o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"
    };

    private final Decoder decoder = new Decoder();

    /** Creates a disassembler; not thread-safe. */
    public Disassembler() {}

    /**
     * One instruction.
     *
     * @param text mnemonic, a space, operands
     * @param length bytes it takes
     */
    public record Line(String text, int length) {}

    /**
     * Disassembles the instruction at the start of {@code bytes}.
     *
     * @param bytes at least one byte; 15 are enough for every instruction
     * @param eip its offset in the code segment
     * @param big whether the code segment is a 32-bit one
     * @return the line; {@code (bad)} of length 1 for what the machine does not know or where the bytes end too soon
     */
    public Line line(byte[] bytes, int eip, boolean big) {
        Decoded d = decoder.parse(bytes, Math.min(bytes.length, Decoder.BYTES_MAX), eip, big, true);
        if (d == null || d.row.mnemonic.equals("(bad)")) {
            return new Line("(bad)", 1);
        }
        return new Line(prefix(d) + mnemonic(d) + operands(d), decoder.length());
    }

    private static String prefix(Decoded d) {
        String text = d.lock ? "lock " : "";
        if (d.repeat != 0) {
            boolean compares = isCompare(d.opcode);
            text += d.repeat == 0xf2 ? "repnz " : compares ? "repz " : "rep ";
        }
        return text;
    }

    private static boolean isCompare(int opcode) {
        return opcode == 0xa6 || opcode == 0xa7 || opcode == 0xae || opcode == 0xaf;
    }

    private static String mnemonic(Decoded d) {
        String m = d.row.mnemonic;
        int bar = m.indexOf('|');
        if (bar >= 0) {
            boolean wide = d.row.operands.length > 0 ? !d.narrow : d.operandSize == 4;
            return wide ? m.substring(0, bar) : m.substring(bar + 1);
        }
        if (d.row.opcode.endsWith("+c")) {
            return m + CONDITIONS[d.opcode & 0xf];
        }
        String stem = m.substring(0, m.length() - 1);
        if (m.endsWith("!")) {
            return stem + suffix(d.operandSize);
        }
        if (m.endsWith("?")) {
            return stem + (needsSuffix(d) ? suffix(d.size) : "");
        }
        return m;
    }

    private static String suffix(int size) {
        return size == 4 ? "l" : size == 2 ? "w" : "b";
    }

    /** The size is told by a suffix unless a register operand tells it; where 32 bits are the rule they are not told. */
    private static boolean needsSuffix(Decoded d) {
        String[] operands = d.row.operands;
        if (operands.length == 0 || isImpliedSize(d)) {
            return d.operandSize == 2 == d.big;
        }
        boolean memory = false;
        for (int i = 0; i < operands.length; i++) {
            String operand = plain(operands[i]);
            char kind = operand.charAt(0);
            boolean register = kind == 'G' || kind == 'Z' || isNamedRegister(operand) || (kind == 'E' && d.isRegister);
            boolean shiftCount = operand.equals("CL");
            if (register && !shiftCount && !operand.equals("DX")) {
                return false;
            }
            memory |= (kind == 'E' || kind == 'M') && !d.isRegister;
        }
        return memory || "XYD".indexOf(operands[0].charAt(0)) >= 0;
    }

    /** Stack and control instructions: 32 bits are the rule. */
    private static boolean isImpliedSize(Decoded d) {
        String first = d.row.operands[0];
        if (first.startsWith("*") || first.charAt(0) == 'E') {
            return !d.isRegister && (first.startsWith("*") || isStack(d));
        }
        return first.charAt(0) == 'J'
                || first.charAt(0) == 'I'
                || first.equals("Ap")
                || (isStack(d) && isNamedRegister(first));
    }

    private static boolean isStack(Decoded d) {
        return d.row.mnemonic.equals("push?") || d.row.mnemonic.equals("pop?");
    }

    private static boolean isNamedRegister(String operand) {
        boolean segment = operand.length() == 2 && operand.charAt(1) == 'S';
        return segment || operand.equals("AL") || operand.equals("eAX");
    }

    private static String plain(String operand) {
        return operand.startsWith("*") ? operand.substring(1) : operand;
    }

    private static String operands(Decoded d) {
        List<String> texts = new ArrayList<>();
        for (String operand : d.row.operands) {
            String text = operand(d, operand);
            if (text != null) {
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            return "";
        }
        boolean intelOrder = d.row.mnemonic.equals("bound?") || d.row.mnemonic.equals("enter?");
        if (!intelOrder) {
            Collections.reverse(texts);
        }
        return " " + String.join(",", texts);
    }

    private static @Nullable String operand(Decoded d, String operand) {
        String plain = plain(operand);
        String star = operand.startsWith("*") ? "*" : "";
        switch (plain) {
            case "AL" -> {
                return "%al";
            }
            case "eAX" -> {
                return register(0, d.size);
            }
            case "CL" -> {
                return "%cl";
            }
            case "DX" -> {
                return "(%dx)";
            }
            case "I1" -> {
                return null;
            }
            case "Ap" -> {
                return String.format("$0x%x,$0x%x", d.immediate2, d.immediate);
            }
            case "ES", "CS", "SS", "DS", "FS", "GS" -> {
                return "%" + plain.toLowerCase(java.util.Locale.ROOT);
            }
            default -> {
                return star + byKind(d, plain);
            }
        }
    }

    private static String byKind(Decoded d, String operand) {
        int size = sizeOf(d, operand);
        return switch (operand.charAt(0)) {
            case 'E' -> d.isRegister ? register(d.rm, size) : memory(d);
            case 'G', 'Z' -> register(d.reg, size);
            case 'R' -> register(d.rm, 4);
            case 'M' -> memory(d);
            case 'S' -> "%" + SEGMENTS[d.reg];
            case 'C' -> "%cr" + d.reg;
            case 'D' -> "%db" + d.reg;
            case 'O' -> segment(d, false) + hex(d.narrow ? d.displacement & 0xffff : d.displacement);
            case 'J' -> hex(target(d));
            case 'I' -> immediate(d, operand);
            case 'X' -> xOperand(d, operand);
            default -> "%es:(" + addressRegister(d, Cpu.EDI) + ")";
        };
    }

    private static String xOperand(Decoded d, String operand) {
        int register = operand.equals("Xx") ? Cpu.EBX : Cpu.ESI;
        return segment(d, true) + "(" + addressRegister(d, register) + ")";
    }

    private static int target(Decoded d) {
        int target = d.next + d.immediate;
        return d.operandSize == 4 ? target : target & 0xffff;
    }

    private static int sizeOf(Decoded d, String operand) {
        int fixed = Row.sizeOf(operand);
        return fixed != 0 ? fixed : d.operandSize;
    }

    private static String immediate(Decoded d, String operand) {
        if (operand.equals("Is")) {
            boolean word = d.size == 2 || (d.row.operands.length == 1 && d.operandSize == 2);
            return "$" + hex(word ? d.immediate & 0xffff : d.immediate);
        }
        boolean second = operand.equals("Ib") && d.row.operands.length == 2 && d.row.operands[0].equals("Iw");
        return "$" + hex(second ? d.immediate2 : d.immediate);
    }

    private static String register(int number, int size) {
        return switch (size) {
            case 1 -> "%" + REG8[number];
            case 2 -> "%" + REG16[number];
            default -> "%e" + REG16[number];
        };
    }

    private static String addressRegister(Decoded d, int number) {
        return register(number, d.addressSize());
    }

    private static String segment(Decoded d, boolean always) {
        return d.segmentOverride >= 0 ? "%" + SEGMENTS[d.segmentOverride] + ":" : always ? "%ds:" : "";
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }

    private static String memory(Decoded d) {
        StringBuilder text = new StringBuilder(segment(d, false));
        boolean hasBase = d.base != Decoded.NO_REGISTER;
        boolean hasIndex = d.index != Decoded.NO_REGISTER;
        if (!hasBase && !hasIndex) {
            text.append(hex(d.narrow ? d.displacement & 0xffff : d.displacement));
            return text.append(d.hasPlaceholder ? scaled(d, "%eiz", "") : "").toString();
        }
        if (d.displacementSize != 0) {
            text.append(d.displacement < 0 ? "-" + hex(-d.displacement) : hex(d.displacement));
        }
        String baseText = hasBase ? addressRegister(d, d.base) : "";
        if (hasIndex && d.narrow) {
            return text.append("(" + baseText + "," + addressRegister(d, d.index) + ")")
                    .toString();
        }
        if (hasIndex) {
            return text.append(scaled(d, addressRegister(d, d.index), baseText)).toString();
        }
        return text.append(d.hasPlaceholder ? scaled(d, "%eiz", baseText) : "(" + baseText + ")")
                .toString();
    }

    private static String scaled(Decoded d, String index, String base) {
        return "(" + base + "," + index + "," + (1 << d.scaleWritten) + ")";
    }
}
