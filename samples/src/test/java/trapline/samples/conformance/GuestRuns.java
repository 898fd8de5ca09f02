package trapline.samples.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import trapline.machine.EndReason;
import trapline.machine.Machine;
import trapline.machine.Observation;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;

/** Runs a whole Multiboot guest, on our machine or under QEMU, as a list of its traps. */
final class GuestRuns {
    private static final long STEPS_MAX = 50_000_000;
    private static final int RAM_BYTES = 64 << 20; // as Qemu gives
    private static final int MULTIBOOT_INFO = 0x500;
    private static final int KIB_BELOW_1M = 640;

    private GuestRuns() {}

    static List<TrapEvent> onMachine(byte[] elf) {
        Machine machine = new Machine(RAM_BYTES, 1);
        ByteBuffer info = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        info.putInt(1).putInt(KIB_BELOW_1M).putInt((RAM_BYTES >> 10) - 1024);
        machine.memory().load(MULTIBOOT_INFO, info.array());
        machine.startMultiboot(Box.load(machine, elf), MULTIBOOT_INFO);
        TrapRuns.Collector collector = new TrapRuns.Collector(machine);
        machine.observe(collector, Observation.NONE);
        RunResult result = machine.run(Scheduler.roundRobin(1000), STEPS_MAX);
        if (result.reason() != EndReason.EXIT && result.reason() != EndReason.HALTED) {
            throw new IllegalStateException("the guest did not end: " + result);
        }
        return collector.events();
    }

    /** EIP of INT n and INT3 as pushed: the code bytes come from the image. */
    static List<TrapEvent> onQemu(byte[] elf, Path folder) throws IOException, InterruptedException {
        return Qemu.run(elf, folder).stream()
                .map(entry -> TrapRuns.event(entry, length(entry)))
                .toList();
    }

    private static int length(QemuLog.Entry entry) {
        return entry.vector == 3 || entry.vector == 4 ? 1 : 2;
    }

    static String describe(TrapEvent event) {
        return event.line()
                + String.format(" esp=%x regs=", event.esp())
                + Arrays.toString(event.reg().stream().map(Integer::toHexString).toArray());
    }
}
