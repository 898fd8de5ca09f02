package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.StripSites;
import trapline.machine.tape.Tape;
import trapline.machine.tape.TapeReader;
import trapline.machine.tape.TapeRow;

/** A machine that fills a tape runs the same, and the tape says just what a listener is told at once. */
class TapeTest {
    private static final int VARIABLE = Lab.DATA;
    private static final int FUNCTION = Lab.CODE + 0x100;
    private static final int TEXT = Lab.CODE + 0x200;
    private static final int STEPS_MAX = 1_000_000;

    private static final Observation OBJECTS = new Observation(List.of(
            new Observation.Entry(Observation.Kind.VARIABLE, VARIABLE, 4, 8, 2, "whole"),
            new Observation.Entry(Observation.Kind.VARIABLE, VARIABLE + 4, 1, 0, 1, "byte"),
            new Observation.Entry(Observation.Kind.VARIABLE, VARIABLE + 6, 2, 0, 1, "word"),
            new Observation.Entry(Observation.Kind.FUNCTION, FUNCTION, 2, 0, 1, "function"),
            new Observation.Entry(Observation.Kind.TEXT, TEXT, 4, 0, 1, "text")));

    /** Everything as lines: EFLAGS of arithmetic without the value before, which a tape does not have. */
    private final List<String> told = new ArrayList<>();

    @Test
    void everyKindOfEventInItsPlace() {
        sameWithAndWithoutTape(
                // handler of int3: orl $0x400,8(%esp), the saved EFLAGS; iret
                "81 4c 24 08 00 04 00 00 cf",
                "b9 d0 07 00 00", // mov $2000,%ecx
                "89 0d 00 00 03 00", // 1: mov %ecx,whole[0]
                "01 0d 08 00 03 00", // add %ecx,whole[1]
                "89 0d 04 00 03 00", // mov %ecx,byte and word
                "88 0d 05 00 03 00", // mov %cl,between the two
                "66 ff 05 06 00 03 00", // incw word
                "e8 d7 00 00 00", // call function
                "a1 00 02 01 00", // mov text,%eax
                "a3 00 02 01 00", // mov %eax,text
                "cc", // int3
                "fc", // cld
                "f8", // clc
                "49", // dec %ecx
                "75 c9", // jnz 1b
                Lab.EXIT);
        assertThat(told)
                .anyMatch(l -> l.startsWith("CALL_EXIT"))
                .anyMatch(l -> l.startsWith("EFLAGS_WRITE") && l.contains(", 8, 1]"));
        assertThat(told).anyMatch(l -> l.startsWith("TEXT_WRITE")).anyMatch(l -> l.startsWith("SWITCH"));
        assertThat(told.stream().filter(l -> l.startsWith("VARIABLE")).count()).isGreaterThan(8000);
    }

    @Test
    void moreStripsThanNumbers() {
        sameWithAndWithoutTape(
                "cf",
                "b9 88 13 00 00", // mov $5000,%ecx
                "88 0d 0d 00 01 00", // 1: mov %cl,the immediate operand that follows
                "83 c0 00", // add $…,%eax
                "49", // dec %ecx
                "75 f4", // jnz 1b
                Lab.EXIT);
        assertThat(told).hasSizeGreaterThan(10_000);
    }

    private void sameWithAndWithoutTape(String int3, String... program) {
        Lab plain = lab(int3, program);
        run(plain.machine, new AtOnce(told));
        Lab taping = lab(int3, program);
        List<String> taped = new ArrayList<>();
        Later listener = new Later(taped, taping.machine);
        run(taping.machine, listener);
        listener.read();
        assertThat(taped).isEqualTo(told);
        assertThat(taping.machine.stateDigest()).isEqualTo(plain.machine.stateDigest());
    }

    private static Lab lab(String int3, String... program) {
        Lab lab = new Lab();
        lab.handler(Fault.BP, int3);
        lab.program(program).code(FUNCTION, "40 c3");
        return lab;
    }

    private static void run(Machine machine, MachineListener listener) {
        machine.observe(listener, OBJECTS);
        machine.append("something of the listener's");
        RunResult end = machine.run(Scheduler.roundRobin(1000), STEPS_MAX);
        assertThat(end.reason()).isEqualTo(EndReason.EXIT);
    }

    /** Makes a line of each row. */
    private static class AtOnce implements MachineListener {
        final List<String> lines;

        AtOnce(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public final void happened(TapeReader row) {
            if (row.row() == TapeRow.EFLAGS_WRITE && row.value("cause") == CAUSE_ALU) {
                write(row.cpu(), row.step(), row.eip(), row.value("new"));
                return;
            }
            List<Object> values = new ArrayList<>();
            for (String column : row.row().columns()) {
                boolean isObject = column.equals("object") || (column.equals("text") && hasText(row.row()));
                values.add(isObject ? row.object() : row.value(column));
            }
            lines.add(
                    String.format("%s cpu %d step %d at %x: %s", row.row(), row.cpu(), row.step(), row.eip(), values));
        }

        private static boolean hasText(TapeRow row) {
            return row == TapeRow.NOTE || row == TapeRow.END;
        }

        final void write(int cpu, long step, int eip, int now) {
            lines.add(String.format("write cpu %d step %d at %x: %x", cpu, step, eip, now));
        }
    }

    /** Gives the machine a tape, and reads it in the order that {@link Tape} promises whenever it is full. */
    private static final class Later extends AtOnce {
        private final Machine machine;
        private final Tape tape = new Tape();
        private final TapeReader rows = new TapeReader();
        private final List<StripSites> strips = new ArrayList<>();

        private final byte[] status = new byte[Tape.INSTRUCTIONS_MAX];
        private final int[] parts = new int[Tape.INSTRUCTIONS_MAX];
        private final int[] startBursts = new int[Tape.INSTRUCTIONS_MAX];
        private final long[] startSteps = new long[Tape.INSTRUCTIONS_MAX];
        private final int[] startControls = new int[Tape.INSTRUCTIONS_MAX];

        Later(List<String> lines, Machine machine) {
            super(lines);
            this.machine = machine;
        }

        @Override
        public Tape tape(@Nullable Tape full) {
            if (full != null) {
                read();
            }
            return tape;
        }

        void read() {
            tape.copy(machine.step(), status, parts);
            tape.copyStarts(startBursts, startSteps, startControls);
            learnStrips();
            rows.copy(tape);
            readBursts(tape.bursts(), tape.starts());
            tellUpTo(TapeReader.NO_POSITION - 1);
            tape.clear();
        }

        private void learnStrips() {
            List<StripSites> copied = new ArrayList<>();
            int first = tape.copyStrips(copied);
            assertThat(first).isIn(0, strips.size());
            strips.subList(first, strips.size()).clear();
            strips.addAll(copied);
        }

        private void readBursts(int bursts, int starts) {
            int position = 0;
            int start = -1;
            long base = 0;
            for (int burst = 0; burst < bursts; burst++) {
                if (start + 1 < starts && startBursts[start + 1] == burst) {
                    start++;
                    base = startSteps[start] - position;
                }
                StripSites strip = strips.get(parts[burst] >>> Tape.COUNT_BITS);
                int count = parts[burst] & ((1 << Tape.COUNT_BITS) - 1);
                for (int i = 0; i < count; i++, position++) {
                    tellUpTo(position);
                    int writing = Arrays.binarySearch(strip.indices(), i);
                    if (writing >= 0) {
                        int now = startControls[start] | unpack(status[position]);
                        write(strip.cpu(), base + position, strip.eips()[writing], now);
                    }
                }
            }
        }

        private static int unpack(byte status) {
            return (status & 0xd5) | (status & 0x20) << 6;
        }

        private void tellUpTo(int position) {
            while (rows.position() <= position) {
                happened(rows);
                rows.next();
            }
        }
    }
}
