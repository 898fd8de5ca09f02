package trapline.explore;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.machine.Machine;
import trapline.machine.i386.Cpu;
import trapline.machine.i386.Disassembler;

/**
 * Which memory the CPUs touch, and with that: whether the instruction that comes next can matter to another CPU. An
 * operand relative to ESP, and what PUSH, POP, CALL and RET do, is the CPU's own stack.
 */
final class Touched {

    private static final int BYTES_MAX = 15;
    private static final Pattern OPERAND = Pattern.compile(
            "(?:%(\\w\\w):)?(-?0x[0-9a-f]+)?\\((%\\w+)?(?:,(%\\w+)(?:,([1248]))?)?\\)|(?<![$\\w])(?:%(\\w\\w):)?(0x[0-9a-f]+)(?![\\w(])");
    /** Whatever these touch, they are seen by others: traps and their ends, IF, I/O, bus locks, waiting. */
    private static final Pattern ALWAYS = Pattern.compile(
            "(?:lock|rep|int|into|iret|cli|sti|popf|hlt|pause|in|out|xchg|invlpg|lidt|lgdt|ltr)\\b.*|mov .*%[cd]r.*");

    private static final Pattern NO_DATA = Pattern.compile("(?:j\\w+|call|lea|nop\\w?|loop\\w*) .*");
    private static final String[] REGISTERS = {"%eax", "%ecx", "%edx", "%ebx", "%esp", "%ebp", "%esi", "%edi"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};

    /** An instruction as far as it matters here. */
    private record Shape(boolean always, int base, int index, int scale, int displacement, int segment, boolean data) {}

    private static final Shape NOTHING = new Shape(false, -1, -1, 1, 0, -1, false);
    private static final Shape ALWAYS_SEEN = new Shape(true, -1, -1, 1, 0, -1, false);

    private final Machine machine;
    private final Disassembler disassembler = new Disassembler();
    private final Map<Long, Shape> shapes = new HashMap<>();
    /** For each dword, a bit for each CPU that touched it. */
    private final Map<Integer, Integer> byDword = new HashMap<>();

    private long shared;
    private long eip;

    Touched(Machine machine) {
        this.machine = machine;
    }

    /** How many dwords are known to be touched by several CPUs. */
    long shared() {
        return shared;
    }

    /** Address of the instruction that {@link #next} looked at. */
    long eip() {
        return eip;
    }

    /** Looks at the instruction that the running CPU executes next: whether it can matter to another CPU. */
    boolean next() {
        int running = machine.runningCpu();
        if (running < 0) {
            return false;
        }
        Cpu cpu = machine.cpu(running);
        eip = cpu.eip() & 0xffff_ffffL;
        Shape shape = shape(running, cpu.eip());
        if (shape.always() || !shape.data()) {
            return shape.always();
        }
        int address = shape.displacement()
                + (shape.base() < 0 ? 0 : cpu.reg(shape.base()))
                + (shape.index() < 0 ? 0 : cpu.reg(shape.index()) * shape.scale())
                + (shape.segment() < 0 ? 0 : cpu.segmentBase(shape.segment()));
        boolean first = touch(running, address >>> 2);
        boolean last = touch(running, (address + 3) >>> 2);
        return first || last;
    }

    private boolean touch(int cpu, int dword) {
        int before = byDword.getOrDefault(dword, 0);
        int now = before | 1 << cpu;
        if (now != before) {
            byDword.put(dword, now);
            shared += Integer.bitCount(now) == 2 && Integer.bitCount(before) == 1 ? 1 : 0;
        }
        return Integer.bitCount(now) > 1;
    }

    private Shape shape(int cpu, int at) {
        byte[] bytes;
        try {
            bytes = machine.peek(cpu, at, BYTES_MAX);
        } catch (IllegalArgumentException e) {
            return ALWAYS_SEEN;
        }
        // Probed text changes: the bytes belong to the key.
        long key = (at & 0xffff_ffffL) | (long) java.util.Arrays.hashCode(bytes) << 32;
        return shapes.computeIfAbsent(
                key, k -> parse(disassembler.line(bytes, at, true).text()));
    }

    private static Shape parse(String text) {
        if (ALWAYS.matcher(text).matches()) {
            return ALWAYS_SEEN;
        }
        if (NO_DATA.matcher(text).matches()) {
            return NOTHING;
        }
        Matcher operand = OPERAND.matcher(text);
        if (!operand.find()) {
            // String instructions name no displacement, but they have parentheses and are found.
            return NOTHING;
        }
        if (operand.group(7) != null) {
            return new Shape(false, -1, -1, 1, number(operand.group(7)), segment(operand.group(6)), true);
        }
        int base = register(operand.group(3));
        if (base == Cpu.ESP) {
            return NOTHING;
        }
        int scale = operand.group(5) == null ? 1 : Integer.parseInt(operand.group(5));
        return new Shape(
                false,
                base,
                register(operand.group(4)),
                scale,
                number(operand.group(2)),
                segment(operand.group(1)),
                true);
    }

    private static int number(@Nullable String hex) {
        return hex == null ? 0 : (int) (long) Long.decode(hex);
    }

    private static int register(@Nullable String name) {
        return name == null ? -1 : java.util.Arrays.asList(REGISTERS).indexOf(name);
    }

    private static int segment(@Nullable String name) {
        return name == null ? -1 : java.util.Arrays.asList(SEGMENTS).indexOf(name);
    }
}
