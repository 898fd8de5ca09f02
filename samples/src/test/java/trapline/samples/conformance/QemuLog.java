package trapline.samples.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the traps of a QEMU {@code -d int,cpu_reset} log of a guest in 32-bit protected mode. */
final class QemuLog {
    private static final Pattern TRAP = Pattern.compile(
            "^ *\\d+: v=([0-9a-f]+) e=([0-9a-f]+) i=(\\d) cpl=\\d IP=[0-9a-f]+:([0-9a-f]+) pc=([0-9a-f]+) SP=[0-9a-f]+:([0-9a-f]+).*");
    private static final Pattern FIELD = Pattern.compile("\\b(E[A-Z]{2}|CR2|DR6) ?=([0-9a-f]+)");
    private static final List<String> REGISTERS = List.of("EAX", "ECX", "EDX", "EBX", "ESP", "EBP", "ESI", "EDI");

    private QemuLog() {}

    /** The traps, in order; EIP is the one QEMU logs, of the instruction for INT n, INT3 and INTO. */
    static List<Entry> parse(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        for (String line : lines) {
            Matcher trap = TRAP.matcher(line);
            if (trap.matches()) {
                entries.add(new Entry(
                        number(trap.group(1)),
                        number(trap.group(2)),
                        trap.group(3).equals("1"),
                        number(trap.group(4)),
                        number(trap.group(5)),
                        number(trap.group(6))));
            } else if (!entries.isEmpty()) {
                entries.get(entries.size() - 1).dump(line);
            }
        }
        return entries;
    }

    private static int number(String hex) {
        return Integer.parseUnsignedInt(hex, 16);
    }

    /** One trap with the register dump that follows it. */
    static final class Entry {
        final int vector;
        final int error;
        /** Raised by INT n, INT3 or INTO. */
        final boolean isSoftware;

        final int eip;
        /** The linear address of that instruction. */
        final int pc;

        final int esp;
        final int[] reg = new int[8];
        int eflags;
        int cr2;
        int dr6;

        Entry(int vector, int error, boolean isSoftware, int eip, int pc, int esp) {
            this.vector = vector;
            this.error = error;
            this.isSoftware = isSoftware;
            this.eip = eip;
            this.pc = pc;
            this.esp = esp;
        }

        private void dump(String line) {
            Matcher field = FIELD.matcher(line);
            while (field.find()) {
                int value = number(field.group(2));
                int register = REGISTERS.indexOf(field.group(1));
                if (register >= 0) {
                    reg[register] = value;
                } else if (field.group(1).equals("EFL")) {
                    eflags = value;
                } else if (field.group(1).equals("CR2")) {
                    cr2 = value;
                } else if (field.group(1).equals("DR6")) {
                    dr6 = value;
                }
            }
        }
    }
}
