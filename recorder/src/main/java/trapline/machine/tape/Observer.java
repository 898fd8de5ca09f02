package trapline.machine.tape;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import trapline.machine.bus.Bus;
import trapline.machine.bus.Clock;
import trapline.machine.bus.EndReason;
import trapline.machine.bus.PageMarks;
import trapline.machine.bus.PhysicalMemory;

/**
 * Writes down what the CPUs do, as rows of a {@link Tape}. Exists only while a listener is attached; nothing in
 * here changes the machine.
 */
public final class Observer {
    private final MachineListener listener;
    private static final int EAX = 0;
    private static final int ECX = 1;
    private static final int EDX = 2;
    private static final int ESP = 4;
    private static final int DB = 1;
    private static final int BP = 3;

    private Tape tape;
    /** Whether the listener is told of each row at once. */
    private boolean live;

    private final TapeReader alone = new TapeReader();
    private final @Nullable Follower follower;
    private final Clock clock;
    private final PhysicalMemory memory;
    private final Map<Integer, Integer> functions = new HashMap<>();
    private final Frames frames;
    private final CallStack[] calls;

    // Elements of observed variables and text, flattened.
    /** For each entry: 0 an ordinary function, 1 or 2 which argument is a register image, {@link #SLOTS}. */
    private final int[] entryKind;

    private static final int SLOTS = -1;

    /** The observed text of which each instruction is told: its entry, address, bytes. */
    private int slots;

    private int slotsBegin;
    private int slotsBytes;

    private final boolean[] isText;
    private final int[] entryOf;
    private final int[] elementOf;
    private final int[] linearOf;
    private final int[] sizeOf;
    /** Physical address, or -1 while not mapped. */
    private final long[] physicalOf;

    private final int[] lastValue;
    /** Elements that are text: a few ranges. */
    private final int[] texts;

    private final ObservedIndex variables;

    /**
     * Begins to observe.
     *
     * @param bus of the machine
     * @param cpus of the machine
     * @param listener is told
     * @param observation the objects to look at
     */
    public Observer(Bus bus, List<? extends ObservedCpu> cpus, MachineListener listener, Observation observation) {
        this.clock = bus.clock();
        this.memory = bus.memory();
        this.listener = listener;
        follower = listener.follower();
        Tape given = listener.tape(null);
        live = given == null;
        tape = given == null ? new Tape() : given;
        tape.begin(clock.step);
        frames = new Frames(memory);
        calls = new CallStack[cpus.size()];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = new CallStack();
        }
        int count = 0;
        for (Observation.Entry entry : observation.entries()) {
            count += entry.kind() == Observation.Kind.FUNCTION ? 0 : entry.count();
        }
        entryKind = observation.entries().stream()
                .mapToInt(entry -> entry.kind() == Observation.Kind.SLOTS ? SLOTS : entry.size())
                .toArray();
        isText = new boolean[count];
        entryOf = new int[count];
        elementOf = new int[count];
        linearOf = new int[count];
        sizeOf = new int[count];
        physicalOf = new long[count];
        lastValue = new int[count];
        flatten(observation.entries());
        texts = IntStream.range(0, count).filter(k -> isText[k]).toArray();
        variables = new ObservedIndex(IntStream.range(0, count)
                .filter(k -> !isText[k])
                .map(k -> sizeOf[k] / 4 + 2)
                .sum());
        mappingChanged(cpus.get(0));
    }

    private void flatten(List<Observation.Entry> entries) {
        int k = 0;
        for (int i = 0; i < entries.size(); i++) {
            Observation.Entry entry = entries.get(i);
            if (entry.kind() == Observation.Kind.FUNCTION) {
                functions.put(entry.address(), i);
            } else if (entry.kind() == Observation.Kind.SLOTS) {
                slots = i;
                slotsBegin = entry.address();
                slotsBytes = entry.size();
            }
            int count = entry.kind() == Observation.Kind.FUNCTION ? 0 : entry.count();
            for (int element = 0; element < count; element++) {
                isText[k] = entry.kind().isText();
                entryOf[k] = i;
                elementOf[k] = element;
                linearOf[k] = entry.address() + element * entry.stride();
                sizeOf[k] = entry.size();
                physicalOf[k] = -1;
                k++;
            }
        }
    }

    private long step(ObservedCpu cpu) {
        return clock.step + cpu.index();
    }

    /** The observed function that starts at {@code eip}, or the text of slots that it is in, or -1. */
    public int functionAt(int eip) {
        if (Integer.compareUnsigned(eip - slotsBegin, slotsBytes) < 0) {
            return slots;
        }
        return functions.isEmpty() ? -1 : functions.getOrDefault(eip, -1);
    }

    /** Page tables changed: observed addresses may be somewhere else now. */
    public void mappingChanged(ObservedCpu cpu) {
        boolean moved = false;
        for (int k = 0; k < linearOf.length; k++) {
            long physical = cpu.lookUp(linearOf[k]);
            if (physical >= 0 && physical != physicalOf[k] && memory.isRam((int) physical)) {
                physicalOf[k] = physical;
                memory.mark(isText[k] ? PageMarks.TEXT : PageMarks.VARIABLE, (int) physical, sizeOf[k]);
                lastValue[k] = value(k);
                moved = true;
            }
        }
        if (moved) {
            index();
        }
    }

    /** Last to first, so that the elements of a dword come in the order of the table. */
    private void index() {
        variables.clear();
        for (int k = linearOf.length - 1; k >= 0; k--) {
            if (!isText[k] && physicalOf[k] >= 0) {
                variables.add(k, (int) physicalOf[k], sizeOf[k]);
            }
        }
    }

    private int value(int k) {
        return isText[k] ? 0 : memory.load((int) physicalOf[k], sizeOf[k]);
    }

    /** Memory was replaced as a whole. */
    private void resynchronise() {
        for (int k = 0; k < linearOf.length; k++) {
            if (physicalOf[k] >= 0) {
                lastValue[k] = value(k);
            }
        }
    }

    /** An instruction at {@code eip}, or a delivery, wrote EFLAGS. */
    public void eflagsWrite(ObservedCpu cpu, int eip, int old, int now, int cause) {
        begin(TapeRow.EFLAGS_WRITE, cpu, eip);
        tape.put(old, now, cause, 0);
        end();
    }

    /** A trap was delivered. */
    public void trapEntry(ObservedCpu cpu, TrapRecord trap) {
        boolean guarded = (trap.vector == BP || trap.vector == DB) && (trap.cs & 3) == 0;
        int frame = frames.open(cpu, trap.frameAt, trap.flagsOffset, trap.cs, guarded);
        begin(TapeRow.TRAP_ENTRY, cpu, trap.from);
        tape.put(trap.vector, trap.errorCode, trap.cs, trap.eip);
        tape.put(trap.eflags, trap.esp, trap.cr2, trap.dr6);
        tape.put(trap.origin, frame);
        end();
        if (follower != null) {
            follower.trapEntered(cpu.id(), trap, frame);
        }
    }

    /** The IRET at {@code from}, whose frame has its EIP at a linear address, completed. */
    public void trapExit(ObservedCpu cpu, int from, int frameAt) {
        int frame = frames.close(frameAt);
        begin(TapeRow.TRAP_EXIT, cpu, from);
        tape.put(cpu.eip(), cpu.codeSelector(), cpu.eflags(), cpu.reg(ESP));
        tape.put(frame);
        end();
        if (follower != null) {
            follower.trapLeft(cpu.id(), frame);
        }
    }

    /** A CPU that is followed is about to execute an instruction. */
    public void boundary(ObservedCpu cpu) {
        if (follower != null) {
            follower.boundary(cpu.id());
        }
    }

    /** Something was done from outside. */
    public void disturbed() {
        if (follower != null) {
            follower.disturbed();
        }
    }

    /** Control came to an observed function at {@code eip}. */
    public void arrived(ObservedCpu cpu, int function, int eip) {
        int takes = entryKind[function];
        if (takes == SLOTS) {
            begin(TapeRow.SLOT_RUN, cpu, eip);
            tape.put(function);
            end();
            return;
        }
        int image = takes == 0 ? 0 : cpu.reg(takes == 1 ? EAX : EDX);
        int returnTo = cpu.peek32(cpu.stackTop());
        if (calls[cpu.id()].enter(function, returnTo, cpu.reg(ESP), image)) {
            begin(TapeRow.CALL_ENTRY, cpu, eip);
            tape.put(function, cpu.reg(EAX), cpu.reg(EDX), cpu.reg(ECX));
            tape.put(returnTo);
            end();
            shown(cpu, eip, function, image, false);
            if (follower != null) {
                follower.called(cpu.id(), function);
            }
        }
    }

    /** A function is given a register image, unless it is at 0. */
    private void shown(ObservedCpu cpu, int eip, int function, int image, boolean leaving) {
        if (image != 0) {
            int frame = frames.ofImage(image, cpu);
            int eipAt = image + RegisterImage.EIP + frames.gsBytes();
            int differs = frame == 0 ? 0 : frames.differing(frame, image, cpu);
            begin(TapeRow.SHOWN, cpu, eip);
            tape.put(function, leaving ? 1 : 0, image, frame);
            tape.put(cpu.peek32(eipAt), cpu.peek32(eipAt + RegisterImage.EFLAGS - RegisterImage.EIP));
            tape.put(differs);
            int dsEs = cpu.selector(RegisterImage.DS) | cpu.selector(RegisterImage.ES) << 16;
            tape.put(dsEs, cpu.selector(RegisterImage.FS));
            end();
        }
    }

    /** A RET at {@code from} completed. */
    public void returned(ObservedCpu cpu, int from) {
        CallStack stack = calls[cpu.id()];
        int function = stack.leave(cpu.eip(), cpu.reg(ESP));
        while (function >= 0) {
            // the RET has retired already; the rows stand behind it, with its step
            shown(cpu, from, function, stack.imageLeft(), true);
            begin(TapeRow.CALL_EXIT, cpu, from);
            tape.put(function, cpu.reg(EAX));
            end();
            if (follower != null) {
                follower.returned(cpu.id(), function);
            }
            function = stack.leave(cpu.eip(), cpu.reg(ESP));
        }
    }

    /** The guest left a note. */
    public void note(ObservedCpu cpu, int kind, String text, int value) {
        begin(TapeRow.NOTE, cpu, eipOf(cpu));
        tape.put(kind, value);
        tape.put(text);
        end();
    }

    /** Something of the listener's own that belongs between the rows. */
    public void append(ObservedCpu cpu, Object object) {
        begin(TapeRow.OTHER, cpu, cpu.eip());
        tape.put(object);
        end();
    }

    /** Another CPU goes on; {@code reason} is a SWITCH constant. */
    public void switched(ObservedCpu from, int to, int reason) {
        begin(TapeRow.SWITCH, from, from.eip());
        tape.put(to, reason);
        end();
    }

    /** Something was done from outside; {@code what} is an INJECT constant. */
    public void injected(ObservedCpu running, int target, int what, int number, int value) {
        begin(TapeRow.INJECT, running, running.eip());
        tape.put(what, target, number, value);
        end();
    }

    /** The run is over for good. */
    public void ended(ObservedCpu cpu, EndReason reason) {
        begin(TapeRow.END, cpu, cpu.eip());
        tape.put(reason.name());
        end();
    }

    private void begin(TapeRow row, ObservedCpu cpu, int eip) {
        long step = step(cpu);
        if (live) {
            tape.beginAlone(step);
        }
        tape.begin(row, cpu.id(), step, eip);
    }

    private void end() {
        if (live) {
            alone.over(tape);
            listener.happened(alone);
        }
    }

    private int eipOf(ObservedCpu cpu) {
        if (cpu.isDelivering()) {
            return cpu.eip();
        }
        return tape.isOpen() ? tape.eip(cpu.index()) : cpu.eipOfRunning();
    }

    /** Where status flags go, with room for a strip; null if the listener is told of each write. */
    public @Nullable Tape tape() {
        if (live) {
            return null;
        }
        if (tape.isFull(clock.step)) {
            tape = Objects.requireNonNull(listener.tape(tape), "an empty tape for a full one");
            tape.begin(clock.step);
        }
        return tape;
    }

    /** The machine's step changes by something that is not executed now. */
    public void stepsChange(long by) {
        tape.stepsChange(by);
    }

    /** A read within one page of RAM that has observed text. */
    public void afterRead(ObservedCpu cpu, int physical, int size, int value) {
        PageMarks marks = memory.marksAt(physical);
        if (marks == null || !marks.has(PageMarks.TEXT, physical & 0xfff, size)) {
            return;
        }
        for (int k : texts) {
            if (overlaps(k, physical, size)) {
                begin(TapeRow.TEXT_READ, cpu, eipOf(cpu));
                tape.put(entryOf[k], ownAddress(k, physical), size, value);
                tape.put(MachineListener.BY_GUEST);
                end();
            }
        }
    }

    /** A store within one page, to marked memory; {@code old} is what the bytes were. */
    public void afterStore(ObservedCpu cpu, int linear, int physical, int size, int old, int by) {
        PageMarks marks = memory.marksAt(physical);
        if (marks == null) {
            return;
        }
        int offset = physical & 0xfff;
        if (marks.has(PageMarks.TEXT, offset, size)) {
            observedText(cpu, physical, size, old, by);
        }
        if (marks.has(PageMarks.VARIABLE, offset, size)) {
            observedVariables(cpu, physical, size);
        }
        if (marks.has(PageMarks.FRAME, offset, size)) {
            frameStore(cpu, physical, size, old);
        }
        if (marks.has(PageMarks.STACK, offset, size) && !cpu.isDelivering()) {
            int frame = frames.above(linear, size, cpu.stackTop());
            if (frame != 0) {
                int now = memory.load(physical, size);
                begin(TapeRow.STACK_WRITE, cpu, eipOf(cpu));
                tape.put(linear, size, old, now);
                tape.put(frame);
                end();
            }
        }
    }

    /** A store of a whole dword of variables. */
    public void afterStoreToVariables(ObservedCpu cpu, int physical, int now) {
        for (int node = variables.first(physical >>> 2); node >= 0; node = variables.next(node)) {
            int k = variables.element(node);
            if (physicalOf[k] == physical && sizeOf[k] == 4) {
                changed(cpu, k, now);
            } else {
                changed(cpu, k, value(k));
            }
        }
    }

    private void observedText(ObservedCpu cpu, int physical, int size, int old, int by) {
        for (int k : texts) {
            if (overlaps(k, physical, size)) {
                int now = memory.load(physical, size);
                int at = ownAddress(k, physical);
                begin(TapeRow.TEXT_WRITE, cpu, eipOf(cpu));
                tape.put(entryOf[k], at, size, old);
                tape.put(now, by);
                end();
                if (follower != null) {
                    follower.text(entryOf[k], at, size, old, now);
                }
            }
        }
    }

    private void observedVariables(ObservedCpu cpu, int physical, int size) {
        int last = (physical + size - 1) >>> 2;
        for (int dword = physical >>> 2; dword <= last; dword++) {
            for (int node = variables.first(dword); node >= 0; node = variables.next(node)) {
                int k = variables.element(node);
                if (overlaps(k, physical, size)) {
                    changed(cpu, k, value(k));
                }
            }
        }
    }

    private void changed(ObservedCpu cpu, int k, int now) {
        int before = lastValue[k];
        lastValue[k] = now;
        if (now != before) {
            begin(TapeRow.VARIABLE, cpu, eipOf(cpu));
            tape.put(entryOf[k], elementOf[k], before, now);
            end();
            if (follower != null) {
                follower.variable(cpu.id(), entryOf[k], elementOf[k], now);
            }
        }
    }

    /** Where observed text is executed, by whatever mapping it is accessed: Linux writes it through another one. */
    private int ownAddress(int k, int physical) {
        return linearOf[k] + (int) (physical - physicalOf[k]);
    }

    private boolean overlaps(int k, int physical, int size) {
        long from = physicalOf[k];
        return from >= 0 && physical < from + sizeOf[k] && from < (long) physical + size;
    }

    private void frameStore(ObservedCpu cpu, int physical, int size, int old) {
        int esp = cpu.stackTop();
        int frame = frames.hit(physical, size, esp, cpu.isDelivering());
        if (frame == 0) {
            return;
        }
        int slot = frames.slotOf(frame);
        int now = memory.load(slot, 4);
        int before = now;
        for (int i = 0; i < size; i++) {
            int place = physical + i - slot;
            if (place >= 0 && place < 4) {
                before = (before & ~(0xff << (8 * place))) | ((old >>> (8 * i)) & 0xff) << (8 * place);
            }
        }
        if (frames.moves(frame, before)) {
            return;
        }
        begin(TapeRow.EFLAGS_WRITE, cpu, eipOf(cpu));
        tape.put(before, now, MachineListener.CAUSE_FRAME, frame);
        end();
    }

    /** What a snapshot keeps of the observation: frames first, then each CPU's calls. */
    public int[][] copy() {
        int[][] state = new int[1 + calls.length][];
        state[0] = frames.copy();
        for (int i = 0; i < calls.length; i++) {
            state[1 + i] = calls[i].copy();
        }
        return state;
    }

    /** Goes back to a state of which nothing was kept: no open frames, no calls. */
    public void forget() {
        frames.forget();
        for (CallStack stack : calls) {
            stack.restore(new int[0]);
        }
        resynchronise();
        forgetFollowed();
    }

    /** Goes back to a {@link #copy}. */
    public void restore(int[][] state) {
        frames.restore(state[0]);
        for (int i = 0; i < calls.length; i++) {
            calls[i].restore(state[1 + i]);
        }
        resynchronise();
        forgetFollowed();
    }

    private void forgetFollowed() {
        if (follower != null) {
            follower.forget();
        }
    }
}
