package trapline.machine.i386;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.TapeReader;
import trapline.machine.tape.TapeRow;

/**
 * Prints instructions per second of processor time of a guest, without and with a listener that stores every EFLAGS write.
 */
public final class SpeedMain {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private SpeedMain() {}

    /** Arguments: the ELF file, the number of runs. */
    public static void main(String[] args) throws IOException {
        Path elf = Path.of(args[0]);
        int runs = Integer.parseInt(args[1]);
        for (int i = 0; i < runs; i++) {
            double plain = run(elf, null);
            double observed = run(elf, new Store());
            System.out.printf("plain %.1f M/s, observed %.1f M/s, ratio %.2f%n", plain, observed, plain / observed);
        }
    }

    private static double run(Path elf, @Nullable Store listener) throws IOException {
        Machine machine = Guests.machine(elf);
        machine.observe(listener, Observation.NONE);
        long start = THREADS.getCurrentThreadCpuTime();
        RunResult result = machine.run(Scheduler.roundRobin(1_000_000), Long.MAX_VALUE);
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        System.out.print(machine.console().trim() + " " + result.reason() + " " + result.detail() + " ");
        return result.step() * 1e3 / nanos;
    }

    /** Keeps the last writes. */
    static final class Store implements MachineListener {
        private final long[] ring = new long[1 << 16];
        private int at;

        @Override
        public void happened(TapeReader row) {
            if (row.row() == TapeRow.EFLAGS_WRITE) {
                long[] r = ring;
                int k = at;
                r[k & 0xffff] = row.step() << 4 | row.value(2);
                r[(k + 1) & 0xffff] = (long) row.value(0) << 32 | row.value(1);
                at = k + 2;
            }
        }
    }
}
