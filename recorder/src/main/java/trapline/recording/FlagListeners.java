package trapline.recording;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.EventConsumer;
import trapline.events.StreamState;
import trapline.machine.Machine;
import trapline.machine.tape.FlagLog;
import trapline.schedule.Director;

/** The ways to treat EFLAGS writes. Nine of ten events are such, so each way is a class and has no branch to spare. */
final class FlagListeners {

    private FlagListeners() {}

    /** Everything is recorded, by another thread; the machine only logs it. */
    static final class Logged extends RecordingListener {
        private final Backlog backlog;

        Logged(Machine machine, ObservationMap map, Director director, Backlog backlog) {
            super(machine, map, director, backlog);
            this.backlog = backlog;
        }

        @Override
        public FlagLog flagLog(@Nullable FlagLog full) {
            return full == null ? backlog.log() : backlog.next();
        }
    }

    /** What the machine logged is recorded: all but the arithmetic writes. */
    static final class Later extends RecordingListener {

        Later(Machine machine, ObservationMap map, Director director, EventConsumer out) {
            super(machine, map, director, out);
        }

        @Override
        public void eflagsWrite(int cpu, long step, int eip, int old, int now, int cause) {
            flagsEvent(cpu, step, eip, old, now, cause);
        }
    }

    /** Every write is recorded, and somebody looks at it before the run goes on: a live check, a point, the disk. */
    static final class Told extends RecordingListener {
        /**
         * EFLAGS of each CPU by the events so far. That is what a journal's writer takes as the value before an arithmetic
         * write; it differs from the CPU's where RF went away, which is nobody's write.
         */
        private final int[] last;

        Told(Machine machine, ObservationMap map, Director director, EventConsumer out) {
            super(machine, map, director, out);
            StreamState start = new StreamState(machine.cpuCount(), List.of());
            last = IntStream.range(0, machine.cpuCount()).map(start::eflags).toArray();
        }

        @Override
        public void eflagsWrite(int cpu, long step, int eip, int old, int now, int cause) {
            flagsEvent(cpu, step, eip, cause == CAUSE_ALU ? last[cpu] : old, now, cause);
            last[cpu] = now;
        }

        /** What it remembers, for {@link #restore}. */
        List<Integer> save() {
            return IntStream.of(last).boxed().toList();
        }

        void restore(List<Integer> saved) {
            for (int cpu = 0; cpu < last.length; cpu++) {
                last[cpu] = saved.get(cpu);
            }
        }
    }

    /** Every write from a trap's entry to its exit, and elsewhere what {@link Control} takes. */
    static final class Traps extends Control {
        private final int[] open;

        Traps(Machine machine, ObservationMap map, Director director, EventConsumer out) {
            super(machine, map, director, out);
            open = new int[machine.cpuCount()];
        }

        @Override
        public void trapEntry(
                int cpu,
                long step,
                int eip,
                int vector,
                int errorCode,
                int cs,
                int pushedEip,
                int pushedEflags,
                int esp,
                int cr2,
                int dr6,
                int origin,
                int frame) {
            super.trapEntry(
                    cpu, step, eip, vector, errorCode, cs, pushedEip, pushedEflags, esp, cr2, dr6, origin, frame);
            open[cpu]++;
        }

        @Override
        public void eflagsWrite(int cpu, long step, int eip, int old, int now, int cause) {
            if (open[cpu] > 0) {
                flagsEvent(cpu, step, eip, old, now, cause);
            } else {
                super.eflagsWrite(cpu, step, eip, old, now, cause);
            }
        }

        @Override
        public void trapExit(int cpu, long step, int eip, int newEip, int newCs, int newEflags, int newEsp, int frame) {
            super.trapExit(cpu, step, eip, newEip, newCs, newEflags, newEsp, frame);
            open[cpu] = Math.max(0, open[cpu] - 1);
        }
    }

    /** Only writes that change a flag other than the six of arithmetic. */
    static class Control extends RecordingListener {
        private static final int CONTROL = ~Eflags.STATUS;

        Control(Machine machine, ObservationMap map, Director director, EventConsumer out) {
            super(machine, map, director, out);
        }

        @Override
        public void eflagsWrite(int cpu, long step, int eip, int old, int now, int cause) {
            if (((old ^ now) & CONTROL) != 0) {
                flagsEvent(cpu, step, eip, old, now, cause);
            }
        }
    }
}
