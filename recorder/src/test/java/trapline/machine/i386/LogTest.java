package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.FlagLog;
import trapline.machine.tape.FlagWrites;
import trapline.machine.tape.LoggedEvents;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;

/** A machine that fills a log runs the same, and the log says just what a listener is told without one. */
class LogTest {
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

    /** Everything as lines: EFLAGS of arithmetic without the value before, which a log does not have. */
    private final List<String> told = new ArrayList<>();

    @Test
    void everyKindOfEventInItsPlace() {
        sameWithAndWithoutLog(
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
        assertThat(told).anyMatch(l -> l.startsWith("callExit")).anyMatch(l -> l.startsWith("frameWrite"));
        assertThat(told).anyMatch(l -> l.startsWith("textWrite")).anyMatch(l -> l.startsWith("switchCpu"));
        assertThat(told.stream().filter(l -> l.startsWith("variable")).count()).isGreaterThan(8000);
    }

    @Test
    void moreBlocksThanNumbers() {
        sameWithAndWithoutLog(
                "cf",
                "b9 88 13 00 00", // mov $5000,%ecx
                "88 0d 0d 00 01 00", // 1: mov %cl,the immediate operand that follows
                "83 c0 00", // add $…,%eax
                "49", // dec %ecx
                "75 f4", // jnz 1b
                Lab.EXIT);
        assertThat(told).hasSizeGreaterThan(10_000);
    }

    private void sameWithAndWithoutLog(String int3, String... program) {
        Lab plain = lab(int3, program);
        run(plain.machine, new WithoutLog(told));
        Lab logging = lab(int3, program);
        List<String> logged = new ArrayList<>();
        WithLog listener = new WithLog(logged, logging.machine);
        run(logging.machine, listener);
        listener.read();
        assertThat(logged).isEqualTo(told);
        assertThat(logging.machine.stateDigest()).isEqualTo(plain.machine.stateDigest());
    }

    private static Lab lab(String int3, String... program) {
        Lab lab = new Lab();
        lab.handler(Fault.BP, int3);
        lab.program(program).code(FUNCTION, "40 c3");
        return lab;
    }

    private static void run(Machine machine, WithoutLog listener) {
        machine.observe(listener.proxy(), OBJECTS);
        RunResult end = machine.run(Scheduler.roundRobin(1000), STEPS_MAX);
        assertThat(end.reason()).isEqualTo(EndReason.EXIT);
    }

    /** Makes a line of each call. */
    private static class WithoutLog {
        final List<String> lines;

        WithoutLog(List<String> lines) {
            this.lines = lines;
        }

        final MachineListener proxy() {
            return (MachineListener) Proxy.newProxyInstance(
                    MachineListener.class.getClassLoader(),
                    new Class<?>[] {MachineListener.class},
                    (proxy, method, arguments) ->
                            method.getName().equals("follower") ? null : call(method.getName(), arguments));
        }

        @Nullable Object call(String method, Object[] arguments) {
            if (method.equals("eflagsWrite") && (int) arguments[5] == MachineListener.CAUSE_ALU) {
                write((int) arguments[0], (long) arguments[1], (int) arguments[2], (int) arguments[4]);
            } else if (!method.equals("flagLog")) {
                lines.add(method + Arrays.toString(arguments));
            }
            return null;
        }

        final void write(int cpu, long step, int eip, int now) {
            lines.add(String.format("write cpu %d step %d at %x: %x", cpu, step, eip, now));
        }
    }

    /** Gives the machine a log, and reads it in the order that {@link FlagLog} promises whenever it is full. */
    private static final class WithLog extends WithoutLog {
        private final Machine machine;
        private final FlagLog log = new FlagLog();
        private final LoggedEvents events = new LoggedEvents();
        private final List<String> atOnce = new ArrayList<>();
        private final List<FlagWrites> blocks = new ArrayList<>();

        private final byte[] status = new byte[FlagLog.INSTRUCTIONS_MAX];
        private final int[] parts = new int[FlagLog.INSTRUCTIONS_MAX];
        private final int[] startBursts = new int[FlagLog.INSTRUCTIONS_MAX];
        private final long[] startSteps = new long[FlagLog.INSTRUCTIONS_MAX];
        private final int[] startControls = new int[FlagLog.INSTRUCTIONS_MAX];

        WithLog(List<String> lines, Machine machine) {
            super(lines);
            this.machine = machine;
        }

        @Override
        @Nullable Object call(String method, Object[] arguments) {
            if (!method.equals("flagLog")) {
                atOnce.add(method + Arrays.toString(arguments));
                log.told(machine.flagPosition());
                return null;
            }
            if (arguments[0] != null) {
                read();
            }
            return log;
        }

        void read() {
            log.copy(machine.step(), status, parts);
            log.copyStarts(startBursts, startSteps, startControls);
            learnBlocks();
            events.copy(log);
            events.rewind();
            readBursts(log.bursts(), log.starts());
            tellUpTo(LoggedEvents.NO_POSITION - 1);
            assertThat(atOnce).isEmpty();
            log.clear();
        }

        private void learnBlocks() {
            List<FlagWrites> copied = new ArrayList<>();
            int first = log.copyBlocks(copied);
            assertThat(first).isIn(0, blocks.size());
            blocks.subList(first, blocks.size()).clear();
            blocks.addAll(copied);
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
                FlagWrites block = blocks.get(parts[burst] >>> FlagLog.COUNT_BITS);
                int count = parts[burst] & ((1 << FlagLog.COUNT_BITS) - 1);
                for (int i = 0; i < count; i++, position++) {
                    tellUpTo(position);
                    int writing = Arrays.binarySearch(block.indices(), i);
                    if (writing >= 0) {
                        int now = startControls[start] | unpack(status[position]);
                        write(block.cpu(), base + position, block.eips()[writing], now);
                    }
                }
            }
        }

        private static int unpack(byte status) {
            return (status & 0xd5) | (status & 0x20) << 6;
        }

        private void tellUpTo(int position) {
            while (events.position() <= position) {
                if (events.isTold()) {
                    lines.add(atOnce.remove(0));
                    events.skipTold();
                } else {
                    events.tell(new WithoutLog(lines).proxy());
                }
            }
        }
    }
}
