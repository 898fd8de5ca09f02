package trapline.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Guest;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.text.EventText;

/** The state at an event as the records that JSON output is made of: their names are the stable keys. */
final class StateJson {

    private StateJson() {}

    /** An event, and the state after it. */
    record Document(
            int schemaVersion,
            long ordinal,
            long step,
            int cpu,
            String eip,
            String place,
            String source,
            String kind,
            String text,
            Map<String, String> registers,
            List<Cpu> cpus,
            List<Int3> armed) {}

    /** One CPU. */
    record Cpu(
            int cpu,
            long icount,
            String eflags,
            String eflagsNames,
            @Nullable String current,
            String status,
            String oldEflags,
            String savedEflags,
            long preemptCount,
            @Nullable Prev prev,
            List<Trap> frames,
            List<String> calls,
            List<Hit> lives) {}

    /** What prev_kprobe holds. */
    record Prev(String kp, String status, String oldEflags, String savedEflags) {}

    /** A live trap frame, outermost first. */
    record Trap(
            long frame, String vector, String place, String source, String esp, String pushedEflags, String eflags) {}

    /** A probe hit that is not over. */
    record Hit(String probe, String place, String outcome, long hitStep) {}

    /** An int3 over another byte. */
    record Int3(String address, String place, @Nullable String original) {}

    static Document of(Event event, ReplayState state, EventText text, int onlyCpu) {
        Guest guest = state.guest();
        List<Cpu> cpus = new ArrayList<>();
        for (int i = 0; i < state.cpus(); i++) {
            if (onlyCpu < 0 || i == onlyCpu) {
                cpus.add(cpu(state.cpu(i), guest));
            }
        }
        Map<String, String> registers = new LinkedHashMap<>();
        StateText.registers(event).forEach((name, value) -> registers.put(name, hex(value)));
        List<Int3> armed = new ArrayList<>();
        for (long address : state.text().armed()) {
            Integer original = state.text().originalByteAt(address);
            armed.add(new Int3(
                    hex(address), guest.place(address), original == null ? null : String.format("%02x", original)));
        }
        return new Document(
                1,
                event.ordinal(),
                event.step(),
                event.cpu(),
                hex(event.ip()),
                guest.place(event.ip()),
                source(guest, event.ip()),
                event.kind().label(),
                text.line(event).strip(),
                registers,
                cpus,
                armed);
    }

    private static Cpu cpu(CpuState cpu, Guest guest) {
        List<Trap> frames = new ArrayList<>();
        for (int level = 0; level < cpu.depth(); level++) {
            Frame frame = cpu.frame(level);
            frames.add(new Trap(
                    frame.id(),
                    TrapVector.name(frame.vector()),
                    guest.place(frame.trapIp()),
                    source(guest, frame.trapIp()),
                    hex(frame.esp()),
                    hex(frame.pushedEflags()),
                    hex(frame.image())));
        }
        List<String> calls = new ArrayList<>();
        for (int level = 0; level < cpu.calls(); level++) {
            calls.add(guest.rowName(cpu.callRow(level)));
        }
        List<Hit> lives = new ArrayList<>();
        for (int i = 0; i < cpu.lives(); i++) {
            Life life = cpu.life(i);
            lives.add(new Hit(
                    guest.probeName(life.probe()),
                    guest.place(life.address()),
                    life.outcome().name(),
                    life.hitStep()));
        }
        Prev prev = cpu.prevKprobe() == 0
                ? null
                : new Prev(
                        guest.probeName(cpu.prevKprobe()),
                        KprobeStatus.name(cpu.prevStatus()),
                        hex(cpu.prevOldEflags()),
                        hex(cpu.prevSavedEflags()));
        return new Cpu(
                cpu.number(),
                cpu.icount(),
                hex(cpu.eflags()),
                Eflags.names(cpu.eflags()),
                cpu.currentKnown() ? guest.probeName(cpu.current()) : null,
                KprobeStatus.name(cpu.status()),
                hex(cpu.oldEflags()),
                hex(cpu.savedEflags()),
                cpu.preemptCount(),
                prev,
                frames,
                calls,
                lives);
    }

    private static String source(Guest guest, long address) {
        return guest.tables().symbols().source(address);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
