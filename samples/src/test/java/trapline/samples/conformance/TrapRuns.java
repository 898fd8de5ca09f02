package trapline.samples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;
import trapline.machine.i386.Cpu;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.TapeReader;
import trapline.machine.tape.TapeRow;

/** Runs trap cases, on the machine or from a QEMU log, as a list of traps for each. */
final class TrapRuns {
    private static final int STEPS_MAX = 1_000_000;
    private static final int LINES_MAX = 12;

    private TrapRuns() {}

    /** Runs one case on our machine. The last event is the INT that ends it, if it got there. */
    static List<TrapEvent> onMachine(TrapImage.Run run) throws IOException {
        Machine machine = new Machine(4 << 20, 1);
        machine.startMultiboot(Box.load(machine, TrapImage.build(List.of(run))), 0);
        Collector collector = new Collector(machine);
        machine.observe(collector, Observation.NONE);
        RunResult result = machine.run(Scheduler.roundRobin(1000), STEPS_MAX);
        EndReason expected = run.test().isShutdown ? EndReason.TRIPLE_FAULT : EndReason.EXIT;
        if (result.reason() != expected) {
            throw new IllegalStateException(run + ": " + result);
        }
        return collector.events.subList(1, collector.events.size());
    }

    /**
     * Runs cases under QEMU. A case that shuts the guest down ends its run; the rest is run again without it.
     *
     * @return the traps of each case
     */
    static List<List<TrapEvent>> onQemu(List<TrapImage.Run> runs, Path folder)
            throws IOException, InterruptedException {
        List<List<TrapEvent>> traps = new ArrayList<>();
        while (traps.size() < runs.size()) {
            List<TrapImage.Run> rest = runs.subList(traps.size(), runs.size());
            List<List<TrapEvent>> some = fromLog(Qemu.run(TrapImage.build(rest), folder), rest);
            if (some.isEmpty()) {
                throw new IOException("QEMU logged nothing for " + rest.get(0));
            }
            traps.addAll(some);
        }
        return traps;
    }

    /**
     * Leaves out what QEMU logs but did not deliver: entries with the place of their successor that the other side does
     * not have. QEMU logs a trap before it looks at the gate; if that faults, the fault follows at the same EIP and ESP.
     */
    static List<TrapEvent> delivered(List<TrapEvent> logged, List<TrapEvent> other) {
        List<TrapEvent> kept = new ArrayList<>();
        for (int i = 0; i < logged.size(); i++) {
            TrapEvent event = logged.get(i);
            boolean isKnown = kept.size() < other.size() && isSame(event, other.get(kept.size()));
            boolean isFollowed = i + 1 < logged.size()
                    && logged.get(i + 1).esp() == event.esp()
                    && logged.get(i + 1).at() == event.at();
            if (isKnown || !isFollowed) {
                kept.add(event);
            }
        }
        return kept;
    }

    static boolean areSame(List<TrapEvent> a, List<TrapEvent> b) {
        boolean same = a.size() == b.size();
        for (int i = 0; same && i < a.size(); i++) {
            same = isSame(a.get(i), b.get(i));
        }
        return same;
    }

    static List<String> lines(List<TrapEvent> events) {
        return events.stream().limit(LINES_MAX).map(TrapEvent::line).toList();
    }

    /** Equal in all that QEMU's log shows: it is written before RF is set in the image of a fault. */
    static boolean isSame(TrapEvent a, TrapEvent b) {
        return a.vector() == b.vector()
                && a.error() == b.error()
                && a.eip() == b.eip()
                && ((a.eflags() ^ b.eflags()) & ~TrapEvent.RF) == 0
                && a.esp() == b.esp()
                && a.cr2() == b.cr2()
                && a.dr6() == b.dr6();
    }

    /** Cuts the log of a guest that ran all the cases into cases. */
    static List<List<TrapEvent>> fromLog(List<QemuLog.Entry> log, List<TrapImage.Run> runs) {
        List<List<TrapEvent>> cases = new ArrayList<>();
        for (QemuLog.Entry entry : log) {
            if (entry.vector == TrapCase.START_VECTOR && entry.eip < Box.CODE) {
                cases.add(new ArrayList<>());
            } else if (!cases.isEmpty() && cases.size() <= runs.size()) {
                byte[] code = runs.get(cases.size() - 1).test().codeWithEnd();
                cases.get(cases.size() - 1).add(event(entry, code));
            }
        }
        return cases;
    }

    private static TrapEvent event(QemuLog.Entry entry, byte[] code) {
        int at = entry.pc - Box.CODE;
        boolean isElsewhere = at < 0 || at >= code.length;
        boolean isOneByte = isElsewhere ? entry.vector == 3 || entry.vector == 4 : (code[at] & 0xff) != 0xcd;
        return event(entry, isOneByte ? 1 : 2);
    }

    /** The trap of a log entry; {@code length} is that of the INT n, INT3 or INTO that raised it. */
    static TrapEvent event(QemuLog.Entry entry, int length) {
        return new TrapEvent(
                entry.eip,
                entry.vector,
                Vectors.hasErrorCode(entry.vector) ? entry.error : 0,
                entry.isSoftware ? entry.eip + length : entry.eip,
                entry.eflags,
                entry.esp,
                entry.vector == Vectors.PF ? entry.cr2 : 0,
                entry.vector == Vectors.DB ? entry.dr6 : 0,
                Arrays.stream(entry.reg).boxed().toList());
    }

    static final class Collector implements MachineListener {
        private final List<TrapEvent> events = new ArrayList<>();
        private final Cpu cpu;

        Collector(Machine machine) {
            cpu = machine.cpu(0);
        }

        List<TrapEvent> events() {
            return events;
        }

        @Override
        public void happened(TapeReader row) {
            if (row.row() != TapeRow.TRAP_ENTRY) {
                return;
            }
            int esp = row.value("esp");
            List<Integer> reg = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                reg.add(i == Cpu.ESP ? esp : cpu.reg(i));
            }
            int vector = row.value("vector");
            int error = Vectors.hasErrorCode(vector) ? row.value("error") : 0;
            events.add(new TrapEvent(
                    row.eip(),
                    vector,
                    error,
                    row.value("ip"),
                    row.value("eflags"),
                    esp,
                    row.value("address"),
                    row.value("dr6"),
                    reg));
        }
    }
}
