package trapline.recording;

import java.util.Arrays;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Inject;
import trapline.events.EventFields.Note;
import trapline.events.EventFields.Shown;
import trapline.events.EventFields.SlotRun;
import trapline.events.EventFields.StackWrite;
import trapline.events.EventFields.Switch;
import trapline.events.EventFields.TextRead;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.InjectKind;
import trapline.events.SwitchReason;
import trapline.events.TextActor;
import trapline.events.TrapOrigin;
import trapline.machine.Machine;
import trapline.machine.tape.Follower;
import trapline.machine.tape.MachineListener;
import trapline.schedule.Director;

/** Turns what the machine tells into events. Subclasses decide what becomes of EFLAGS writes, the frequent kind. */
abstract class RecordingListener implements MachineListener {

    /** By the machine's codes, which start at 1. */
    private static final FlagCause[] CAUSES = {
        FlagCause.ALU,
        FlagCause.ALU,
        FlagCause.POPF,
        FlagCause.IRET,
        FlagCause.GATE,
        FlagCause.STI_CLI,
        FlagCause.CLD_STD,
        FlagCause.CARRY,
        FlagCause.SAHF
    };

    private static final TrapOrigin[] ORIGINS = {
        TrapOrigin.INSTRUCTION, TrapOrigin.INSTRUCTION, TrapOrigin.EXTERNAL, TrapOrigin.INJECTED
    };
    private static final TextActor[] ACTORS = {TextActor.GUEST, TextActor.GUEST, TextActor.DEBUGGER, TextActor.INJECTION
    };
    private static final EventKind[] NOTES = {
        EventKind.MARK, EventKind.MARK, EventKind.WARN, EventKind.BUG, EventKind.DIE
    };
    private static final InjectKind[] INJECTIONS = {
        InjectKind.NMI, InjectKind.NMI, InjectKind.IRQ, InjectKind.POKE, InjectKind.NOT_PRESENT, InjectKind.NOT_PRESENT
    };
    private static final int VECTOR_PAGE_FAULT = 14;
    private static final int VECTOR_DEBUG = 1;

    /** A view for each kind, so that an event stores no references. */
    private final Event[] views = Arrays.stream(EventKind.values())
            .map(kind -> new Event().begin(kind, 0, 0, 0))
            .toArray(Event[]::new);

    private final Machine machine;
    private final ObservationMap map;
    private final Director director;
    private final EventConsumer out;
    private final HitWatch hits;

    RecordingListener(Machine machine, ObservationMap map, Director director, EventConsumer out) {
        this.machine = machine;
        this.map = map;
        this.director = director;
        this.out = out;
        hits = new HitWatch(machine, map.hitRoles(), new HitReport(machine, out));
    }

    @Override
    public Follower follower() {
        return hits;
    }

    /** What is kept from one event to the next, for {@link #restoreHits}. */
    final HitWatch.Memory saveHits() {
        return hits.save();
    }

    /** Follows the hits that were followed then. */
    final void restoreHits(HitWatch.Memory memory) {
        hits.restore(memory);
    }

    private static long unsigned(int value) {
        return value & 0xffff_ffffL;
    }

    private Event begin(EventKind kind, long step, int cpu, int eip) {
        Event event = views[kind.code()];
        event.again(step, cpu, unsigned(eip), 0);
        return event;
    }

    /** An EFLAGS write as an event. */
    final void flagsEvent(int cpu, long step, int eip, int old, int now, int cause) {
        out.accept(begin(EventKind.EFLAGS_WRITE, step, cpu, eip)
                .set(EflagsWrite.OLD, unsigned(old))
                .set(EflagsWrite.NEW, unsigned(now))
                .set(EflagsWrite.CAUSE, CAUSES[cause].code())
                .set(EflagsWrite.FRAME, 0));
    }

    @Override
    public void frameWrite(int cpu, long step, int eip, int old, int now, int frame) {
        out.accept(begin(EventKind.EFLAGS_WRITE, step, cpu, eip)
                .set(EflagsWrite.OLD, unsigned(old))
                .set(EflagsWrite.NEW, unsigned(now))
                .set(EflagsWrite.CAUSE, FlagCause.FRAME.code())
                .set(EflagsWrite.FRAME, frame));
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
        out.accept(begin(EventKind.TRAP_ENTRY, step, cpu, eip)
                .set(TrapEntry.VECTOR, vector)
                .set(TrapEntry.ERROR, errorCode)
                .set(TrapEntry.CS, cs)
                .set(TrapEntry.IP, unsigned(pushedEip))
                .set(TrapEntry.EFLAGS, unsigned(pushedEflags))
                .set(TrapEntry.ESP, unsigned(esp))
                .set(TrapEntry.ADDRESS, vector == VECTOR_PAGE_FAULT ? unsigned(cr2) : 0)
                .set(TrapEntry.DR6, vector == VECTOR_DEBUG ? unsigned(dr6) : 0)
                .set(TrapEntry.ORIGIN, ORIGINS[origin].code())
                .set(TrapEntry.FRAME, frame));
    }

    @Override
    public void trapExit(int cpu, long step, int eip, int newEip, int newCs, int newEflags, int newEsp, int frame) {
        out.accept(begin(EventKind.TRAP_EXIT, step, cpu, eip)
                .set(TrapExit.IP, unsigned(newEip))
                .set(TrapExit.CS, newCs)
                .set(TrapExit.EFLAGS, unsigned(newEflags))
                .set(TrapExit.ESP, unsigned(newEsp))
                .set(TrapExit.FRAME, frame));
    }

    @Override
    public void variable(int cpu, long step, int eip, int index, int element, int old, int now) {
        out.accept(begin(map.variableKind(index), step, cpu, eip)
                .set(Variable.VARIABLE, map.row(index))
                .set(Variable.ELEMENT, element)
                .set(Variable.OLD, unsigned(old))
                .set(Variable.NEW, unsigned(now)));
    }

    @Override
    public void callEntry(int cpu, long step, int eip, int index, int eax, int edx, int ecx, int returnTo) {
        out.accept(begin(EventKind.CALL_ENTRY, step, cpu, eip)
                .set(CallEntry.FUNCTION, map.row(index))
                .set(CallEntry.ARG0, unsigned(eax))
                .set(CallEntry.ARG1, unsigned(edx))
                .set(CallEntry.ARG2, unsigned(ecx))
                .set(CallEntry.RETURN, unsigned(returnTo)));
    }

    @Override
    public void callExit(int cpu, long step, int eip, int index, int eax) {
        out.accept(begin(EventKind.CALL_EXIT, step, cpu, eip)
                .set(CallExit.FUNCTION, map.row(index))
                .set(CallExit.RESULT, unsigned(eax)));
    }

    @Override
    public void textRead(int cpu, long step, int eip, int index, int address, int size, int value) {
        out.accept(begin(EventKind.TEXT_READ, step, cpu, eip)
                .set(TextRead.ADDRESS, unsigned(address))
                .set(TextRead.SIZE, size)
                .set(TextRead.VALUE, unsigned(value))
                .set(TextRead.BY, TextActor.GUEST.code()));
    }

    @Override
    public void textWrite(int cpu, long step, int eip, int index, int address, int size, int old, int now, int by) {
        out.accept(begin(EventKind.TEXT_WRITE, step, cpu, eip)
                .set(TextWrite.ADDRESS, unsigned(address))
                .set(TextWrite.SIZE, size)
                .set(TextWrite.OLD, unsigned(old))
                .set(TextWrite.NEW, unsigned(now))
                .set(TextWrite.BY, ACTORS[by].code()));
    }

    @Override
    public void shown(
            int cpu,
            long step,
            int eip,
            int index,
            boolean leaving,
            int image,
            int frame,
            int shownEip,
            int shownEflags,
            int differs,
            int dsEs,
            int fs) {
        out.accept(begin(EventKind.SHOWN, step, cpu, eip)
                .set(Shown.FUNCTION, map.row(index))
                .set(Shown.LEAVING, leaving ? 1 : 0)
                .set(Shown.IMAGE, unsigned(image))
                .set(Shown.FRAME, frame)
                .set(Shown.IP, unsigned(shownEip))
                .set(Shown.EFLAGS, unsigned(shownEflags))
                .set(Shown.DIFFERS, differs)
                .set(Shown.SEGMENTS, unsigned(dsEs) | unsigned(fs) << 32));
    }

    @Override
    public void textRun(int cpu, long step, int eip, int index) {
        out.accept(begin(EventKind.SLOT_RUN, step, cpu, eip).set(SlotRun.TEXT, map.row(index)));
    }

    @Override
    public void stackWrite(int cpu, long step, int eip, int address, int size, int old, int now, int frame) {
        out.accept(begin(EventKind.STACK_WRITE, step, cpu, eip)
                .set(StackWrite.ADDRESS, unsigned(address))
                .set(StackWrite.SIZE, size)
                .set(StackWrite.OLD, unsigned(old))
                .set(StackWrite.NEW, unsigned(now))
                .set(StackWrite.FRAME, frame));
    }

    @Override
    public void switchCpu(long step, int from, int to, int reason) {
        SwitchReason why = from < 0
                ? SwitchReason.START
                : reason == SWITCH_HALTED
                        ? SwitchReason.HALTED
                        : director.isOrderedSwitch() ? SwitchReason.SCHEDULE : SwitchReason.QUANTUM;
        int cpu = Math.max(0, from);
        out.accept(begin(EventKind.SWITCH, step, cpu, machine.cpu(cpu).eip())
                .set(Switch.TO, to)
                .set(Switch.REASON, why.code()));
    }

    @Override
    public void note(int cpu, long step, int eip, int kind, String text, int value) {
        out.accept(begin(NOTES[kind], step, cpu, eip).text(text).set(Note.VALUE, unsigned(value)));
    }

    @Override
    public void injected(int cpu, long step, int kind, int a, int b) {
        int running = Math.max(0, machine.runningCpu());
        out.accept(begin(EventKind.INJECT, step, running, machine.cpu(running).eip())
                .set(Inject.WHAT, INJECTIONS[kind].code())
                .set(Inject.TARGET, cpu)
                .set(Inject.NUMBER, unsigned(a))
                .set(Inject.VALUE, unsigned(b)));
    }
}
