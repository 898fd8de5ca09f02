package trapline.export;

import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Set;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.latency.Unit;
import trapline.replay.Guest;
import trapline.replay.Life;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;
import trapline.text.EventText;

/**
 * A run as a Perfetto trace: for each CPU a group of tracks with traps, declared functions, kprobe_status, current
 * probe and probe hits as slices, bits of EFLAGS as counters, and everything else as instants. A nanosecond of the trace
 * is one step of the run.
 */
public final class PerfettoExport extends ReplayListener {

    /** Which bits of EFLAGS become counters. */
    public enum Flags {
        /** None. */
        NONE(0),
        /** TF, IF and the other control flags. */
        CONTROL(~Eflags.STATUS),
        /** Arithmetic flags too: an instruction may change six of them, so this makes most of the file. */
        ALL(~0);

        private final int bits;

        Flags(int bits) {
            this.bits = bits;
        }
    }

    private final PerfettoFile file;
    private final Flags flags;
    private final Guest guest;
    private final PerfettoCpu[] cpus;
    private long step;

    /**
     * Writes the descriptors of all CPUs.
     *
     * @param out takes the bytes; the caller closes it
     * @param name of the run
     * @param clock what a step counts
     * @param flags bits of EFLAGS to show
     * @param guest names of the run
     * @param text words for events that are instants
     */
    public PerfettoExport(OutputStream out, String name, String clock, Flags flags, Guest guest, EventText text) {
        this.file = new PerfettoFile(out);
        this.flags = flags;
        this.guest = guest;
        Unit unit = Unit.of(clock);
        long process = file.process(name + (unit.isTime() ? "" : " (1 ns is 1 of: " + unit.name() + ")"));
        cpus = new PerfettoCpu[guest.cpus()];
        for (int i = 0; i < cpus.length; i++) {
            cpus[i] = new PerfettoCpu(file, process, i, flags.bits, guest, text);
        }
    }

    @Override
    public Set<EventKind> kinds() {
        return EnumSet.complementOf(EnumSet.of(EventKind.SWITCH, EventKind.WATCH, EventKind.TEXT_READ));
    }

    @Override
    public boolean wantsAlu() {
        return flags == Flags.ALL;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        step = e.step();
        cpus[e.cpu()].accept(e, state.cpu(e.cpu()));
        if (e.kind() == EventKind.KPROBE_STATUS || e.kind() == EventKind.CURRENT_KPROBE) {
            for (PerfettoCpu cpu : cpus) {
                cpu.variables(e.step(), state.cpu(cpu.number()));
            }
        }
    }

    @Override
    public void hit(Life life, Event e, ReplayState state) {
        cpus[e.cpu()].hit(life, e.step(), guest);
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        cpus[e.cpu()].over(life, e.step());
    }

    @Override
    public void lost(Event e, ReplayState state) {
        for (PerfettoCpu cpu : cpus) {
            cpu.closeAll(e.step());
        }
    }

    @Override
    public void end(ReplayState state) {
        for (PerfettoCpu cpu : cpus) {
            cpu.closeAll(Math.max(step, state.step()));
        }
    }
}
