package trapline.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trapline.cli.Ink;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Guest;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.text.EventText;

/** The state at an event as text: registers as far as the event tells them, each CPU, and what is armed. */
final class StateText {

    private StateText() {}

    static String of(Event event, ReplayState state, EventText text, long events, int onlyCpu, Ink ink) {
        StringBuilder out = new StringBuilder();
        // Events are numbered from 0 everywhere; a lone "of N" would make the last one look like the last but one.
        out.append("event ").append(event.ordinal());
        out.append(" (0 to ").append(Math.max(event.ordinal(), events - 1)).append(')');
        out.append(", step ").append(event.step()).append('\n');
        out.append(ink.line(text.line(event))).append('\n');
        List<String> known = new ArrayList<>();
        registers(event).forEach((name, value) -> known.add(name + " " + Long.toHexString(value)));
        out.append("regs    ").append(String.join(", ", known)).append('\n');
        for (int i = 0; i < state.cpus(); i++) {
            if (onlyCpu < 0 || i == onlyCpu) {
                cpu(state.cpu(i), state.guest(), out);
            }
        }
        List<String> armed = new ArrayList<>();
        for (long address : state.text().armed()) {
            armed.add(String.format(
                    "%s (%02x)", state.guest().place(address), state.text().originalByteAt(address)));
        }
        out.append("text    int3 at ").append(armed.isEmpty() ? "none" : String.join(", ", armed));
        return out.append('\n').toString();
    }

    /** The registers of the event's CPU that the event itself tells, by name: functions take EAX, EDX, ECX. */
    static Map<String, Long> registers(Event event) {
        Map<String, Long> known = new LinkedHashMap<>();
        known.put("eip", event.ip());
        switch (event.kind()) {
            case TRAP_ENTRY -> known.put("esp", event.value(TrapEntry.ESP));
            case TRAP_EXIT -> {
                known.put("eip", event.value(TrapExit.IP));
                known.put("esp", event.value(TrapExit.ESP));
            }
            case CALL_ENTRY -> {
                known.put("eax", event.value(CallEntry.ARG0));
                known.put("edx", event.value(CallEntry.ARG1));
                known.put("ecx", event.value(CallEntry.ARG2));
            }
            case CALL_EXIT -> known.put("eax", event.value(CallExit.RESULT));
            default -> {
                // The others happen at an instruction and show no other register.
            }
        }
        return known;
    }

    private static void cpu(CpuState cpu, Guest guest, StringBuilder out) {
        out.append(String.format(
                "cpu %d   icount %d, eflags %s\n",
                cpu.number(),
                cpu.icount(),
                (Long.toHexString(cpu.eflags() & 0xffff_ffffL) + " " + Eflags.names(cpu.eflags())).strip()));
        out.append(String.format(
                "kprobe  %s %s, old %x, saved %x, preempt_count %x\n",
                cpu.currentKnown() ? guest.probeName(cpu.current()) : "unknown",
                KprobeStatus.name(cpu.status()),
                cpu.oldEflags(),
                cpu.savedEflags(),
                cpu.preemptCount()));
        if (cpu.prevKprobe() != 0) {
            out.append(String.format(
                    "prev    %s %s, old %x, saved %x\n",
                    guest.probeName(cpu.prevKprobe()),
                    KprobeStatus.name(cpu.prevStatus()),
                    cpu.prevOldEflags(),
                    cpu.prevSavedEflags()));
        }
        for (int level = 0; level < cpu.depth(); level++) {
            Frame frame = cpu.frame(level);
            out.append(String.format(
                    "frame   %d %s at %s, flags %x now %x\n",
                    frame.id(),
                    TrapVector.name(frame.vector()),
                    guest.tables().symbols().withSource(guest.place(frame.trapIp())),
                    frame.pushedEflags(),
                    frame.image()));
        }
        List<String> calls = new ArrayList<>();
        for (int level = 0; level < cpu.calls(); level++) {
            calls.add(guest.rowName(cpu.callRow(level)));
        }
        out.append(calls.isEmpty() ? "" : "calls   " + String.join(" > ", calls) + "\n");
        for (int i = 0; i < cpu.lives(); i++) {
            Life life = cpu.life(i);
            out.append(String.format(
                    "life    %s at %s, %s since step %d\n",
                    guest.probeName(life.probe()), guest.place(life.address()), life.outcome(), life.hitStep()));
        }
    }
}
