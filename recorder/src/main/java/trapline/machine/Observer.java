package trapline.machine;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the CPUs do into calls of the {@link MachineListener}. Exists only while a listener is attached; nothing in
 * here changes the machine.
 */
final class Observer {
    final MachineListener listener;
    private @Nullable FlagLog log;
    /** Whom to tell what happens all the time: the listener, or a log. */
    private MachineListener events;

    private final Machine machine;
    private final Frames frames;
    private final CallStack[] calls;

    // Elements of observed variables and text, flattened.
    /** For each entry: 0 an ordinary function, 1 or 2 which argument is a register image, {@link #SLOTS}. */
    private final int[] entryKind;

    private static final int SLOTS = -1;

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

    Observer(Machine machine, MachineListener listener, Observation observation) {
        this.machine = machine;
        this.listener = listener;
        events = listener;
        log = begun(listener.flagLog(null));
        frames = new Frames(machine);
        calls = new CallStack[machine.cpus.length];
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
        mappingChanged(machine.cpus[0]);
    }

    private void flatten(List<Observation.Entry> entries) {
        int k = 0;
        for (int i = 0; i < entries.size(); i++) {
            Observation.Entry entry = entries.get(i);
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

    private long step(Cpu cpu) {
        return machine.step + cpu.index;
    }

    /** Page tables changed: observed addresses may be somewhere else now. */
    void mappingChanged(Cpu cpu) {
        boolean moved = false;
        for (int k = 0; k < linearOf.length; k++) {
            long physical = cpu.mmu.lookUp(linearOf[k]);
            if (physical >= 0 && physical != physicalOf[k] && machine.memory.isRam((int) physical)) {
                physicalOf[k] = physical;
                mark((int) physical, sizeOf[k], isText[k] ? PageMarks.TEXT : PageMarks.VARIABLE);
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

    private void mark(int physical, int size, int reason) {
        int at = physical;
        int left = size;
        while (left > 0 && machine.memory.isRam(at)) {
            int offset = at & 0xfff;
            int here = Math.min(left, PageMarks.PAGE_BYTES - offset);
            boolean hadText = machine.marksFor(at).hasText;
            machine.marksFor(at).mark(reason, offset, here);
            if (reason == PageMarks.TEXT && !hadText) {
                machine.marksChanged();
            }
            at += here;
            left -= here;
        }
    }

    private int value(int k) {
        return isText[k] ? 0 : machine.memory.load((int) physicalOf[k], sizeOf[k]);
    }

    /** Memory was replaced as a whole. */
    private void resynchronise() {
        for (int k = 0; k < linearOf.length; k++) {
            if (physicalOf[k] >= 0) {
                lastValue[k] = value(k);
            }
        }
    }

    void eflagsWrite(Cpu cpu, int eip, int old, int now, int cause) {
        events.eflagsWrite(cpu.id, step(cpu), eip, old, now, cause);
    }

    void trapEntry(
            Cpu cpu,
            int from,
            int vector,
            int errorCode,
            int oldCs,
            int oldEip,
            int image,
            int oldEsp,
            int frameAt,
            int origin) {
        boolean guarded = (vector == Fault.BP || vector == Fault.DB) && (oldCs & 3) == 0;
        int frame = frames.open(cpu, frameAt, cpu.traps.flagsOffset(), guarded);
        int cr2 = vector == Fault.PF ? cpu.cr2 : 0;
        int dr6 = vector == Fault.DB ? cpu.debug.read(6) : 0;
        events.trapEntry(
                cpu.id, step(cpu), from, vector, errorCode, oldCs, oldEip, image, oldEsp, cr2, dr6, origin, frame);
    }

    void trapExit(Cpu cpu, int from, int frameAt) {
        int frame = frames.close(frameAt);
        events.trapExit(cpu.id, step(cpu), from, cpu.eip, cpu.seg.selector[Cpu.CS], cpu.eflags, cpu.r[Cpu.ESP], frame);
    }

    /** Control came to an observed function at {@code eip}. */
    void arrived(Cpu cpu, int function, int eip) {
        int takes = entryKind[function];
        if (takes == SLOTS) {
            events.textRun(cpu.id, step(cpu), eip, function);
            return;
        }
        int[] r = cpu.r;
        int image = takes == 0 ? 0 : r[takes == 1 ? Cpu.EAX : Cpu.EDX];
        int returnTo = returnAddress(cpu);
        if (calls[cpu.id].enter(function, returnTo, r[Cpu.ESP], image)) {
            events.callEntry(cpu.id, step(cpu), eip, function, r[Cpu.EAX], r[Cpu.EDX], r[Cpu.ECX], returnTo);
            shown(cpu, step(cpu), eip, function, image, false);
        }
    }

    /** A function is given a register image, unless it is at 0. */
    private void shown(Cpu cpu, long step, int eip, int function, int image, boolean leaving) {
        if (image != 0) {
            int frame = frames.at(image + RegisterImage.EIP);
            int differs = frame == 0 ? 0 : frames.differing(frame, image, this, cpu);
            int[] selectors = cpu.seg.selector;
            events.shown(
                    cpu.id,
                    step,
                    eip,
                    function,
                    leaving,
                    image,
                    frame,
                    dword(cpu, image + RegisterImage.EIP),
                    dword(cpu, image + RegisterImage.EFLAGS),
                    differs,
                    selectors[Cpu.DS] | selectors[Cpu.ES] << 16,
                    selectors[Cpu.FS]);
        }
    }

    private int returnAddress(Cpu cpu) {
        return dword(cpu, cpu.seg.base[Cpu.SS] + cpu.r[Cpu.ESP]);
    }

    /** A dword as the CPU would read it, without a trap and without anybody being told; 0 where there is none. */
    int dword(Cpu cpu, int linear) {
        if (cpu.mmu.holds32(linear)) {
            return cpu.mmu.read32(linear);
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            long physical = cpu.mmu.lookUp(linear + i);
            value |= physical < 0 ? 0 : machine.memory.byteAt((int) physical) << (8 * i);
        }
        return value;
    }

    /** A RET at {@code from} completed. */
    void returned(Cpu cpu, int from) {
        CallStack stack = calls[cpu.id];
        int function = stack.leave(cpu.eip, cpu.r[Cpu.ESP]);
        while (function >= 0) {
            // the RET has retired already; its events carry the count before
            shown(cpu, step(cpu) - 1, from, function, stack.imageLeft(), true);
            events.callExit(cpu.id, step(cpu) - 1, from, function, cpu.r[Cpu.EAX]);
            function = stack.leave(cpu.eip, cpu.r[Cpu.ESP]);
        }
    }

    void note(Cpu cpu, int kind, String text, int value) {
        listener.note(cpu.id, step(cpu), eipOf(cpu), kind, text, value);
    }

    private int eipOf(Cpu cpu) {
        if (cpu.delivering) {
            return cpu.eip;
        }
        FlagLog current = log;
        return current != null && current.isOpen() ? current.eip(cpu.index) : cpu.eipOfRunning;
    }

    /** Where status flags and events go, with room for a block; null if the listener wants to be told of each write. */
    @Nullable FlagLog log() {
        FlagLog current = log;
        if (current != null && current.isFull(machine.step)) {
            current = begun(listener.flagLog(current));
            log = current;
        }
        return current;
    }

    private @Nullable FlagLog begun(@Nullable FlagLog empty) {
        if (empty == null) {
            events = listener;
        } else {
            empty.begin(machine.step);
            events = empty.events;
        }
        return empty;
    }

    /** The machine's step changes by something that is not executed now. */
    void stepsChange(long by) {
        FlagLog current = log;
        if (current != null) {
            current.stepsChange(by);
        }
    }

    /** See {@link Machine#flagPosition}. */
    int flagPosition(Cpu cpu) {
        FlagLog current = log;
        return current == null ? 0 : current.position(step(cpu));
    }

    /** A read within one page of RAM that has observed text. */
    void afterRead(Cpu cpu, int linear, int physical, int size, int value) {
        PageMarks marks = machine.memory.marksAt(physical);
        if (marks == null || !marks.has(PageMarks.TEXT, physical & 0xfff, size)) {
            return;
        }
        for (int k : texts) {
            if (overlaps(k, physical, size)) {
                events.textRead(cpu.id, step(cpu), eipOf(cpu), entryOf[k], linear, size, value);
            }
        }
    }

    /** A store within one page, to marked memory; {@code old} is what the bytes were. */
    void afterStore(Cpu cpu, int linear, int physical, int size, int old, int by) {
        PageMarks marks = machine.memory.marksAt(physical);
        if (marks == null) {
            return;
        }
        int offset = physical & 0xfff;
        if (marks.has(PageMarks.TEXT, offset, size)) {
            observedText(cpu, linear, physical, size, old, by);
        }
        if (marks.has(PageMarks.VARIABLE, offset, size)) {
            observedVariables(cpu, physical, size);
        }
        if (marks.has(PageMarks.FRAME, offset, size)) {
            frameStore(cpu, physical, size, old);
        }
        if (marks.has(PageMarks.STACK, offset, size)) {
            int frame = frames.above(linear, size, cpu.seg.base[Cpu.SS] + cpu.stackPointer());
            if (frame != 0 && !cpu.delivering) {
                int now = machine.memory.load(physical, size);
                events.stackWrite(cpu.id, step(cpu), eipOf(cpu), linear, size, old, now, frame);
            }
        }
    }

    /** A store of a whole dword of variables. */
    void afterStoreToVariables(Cpu cpu, int physical, int now) {
        for (int node = variables.first(physical >>> 2); node >= 0; node = variables.next(node)) {
            int k = variables.element(node);
            if (physicalOf[k] == physical && sizeOf[k] == 4) {
                changed(cpu, k, now);
            } else {
                changed(cpu, k, value(k));
            }
        }
    }

    private void observedText(Cpu cpu, int linear, int physical, int size, int old, int by) {
        for (int k : texts) {
            if (overlaps(k, physical, size)) {
                int now = machine.memory.load(physical, size);
                events.textWrite(cpu.id, step(cpu), eipOf(cpu), entryOf[k], linear, size, old, now, by);
            }
        }
    }

    private void observedVariables(Cpu cpu, int physical, int size) {
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

    private void changed(Cpu cpu, int k, int now) {
        int before = lastValue[k];
        lastValue[k] = now;
        if (now != before) {
            events.variable(cpu.id, step(cpu), eipOf(cpu), entryOf[k], elementOf[k], before, now);
        }
    }

    private boolean overlaps(int k, int physical, int size) {
        long from = physicalOf[k];
        return from >= 0 && physical < from + sizeOf[k] && from < (long) physical + size;
    }

    private void frameStore(Cpu cpu, int physical, int size, int old) {
        int esp = cpu.seg.base[Cpu.SS] + cpu.stackPointer();
        int frame = frames.hit(physical, size, esp, cpu.delivering);
        if (frame == 0) {
            return;
        }
        int slot = frames.slotOf(frame);
        int now = machine.memory.load(slot, 4);
        int before = now;
        for (int i = 0; i < size; i++) {
            int place = physical + i - slot;
            if (place >= 0 && place < 4) {
                before = (before & ~(0xff << (8 * place))) | ((old >>> (8 * i)) & 0xff) << (8 * place);
            }
        }
        events.frameWrite(cpu.id, step(cpu), eipOf(cpu), before, now, frame);
    }

    /** What a snapshot keeps of the observation: frames first, then each CPU's calls. */
    int[][] copy() {
        int[][] state = new int[1 + calls.length][];
        state[0] = frames.copy();
        for (int i = 0; i < calls.length; i++) {
            state[1 + i] = calls[i].copy();
        }
        return state;
    }

    /** Goes back to a state of which nothing was kept: no open frames, no calls. */
    void forget() {
        frames.restore(new int[1]);
        for (CallStack stack : calls) {
            stack.restore(new int[0]);
        }
        resynchronise();
    }

    void restore(int[][] state) {
        frames.restore(state[0]);
        for (int i = 0; i < calls.length; i++) {
            calls[i].restore(state[1 + i]);
        }
        resynchronise();
    }
}
