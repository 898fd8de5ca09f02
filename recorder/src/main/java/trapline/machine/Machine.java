package trapline.machine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.machine.bus.AlarmClock;
import trapline.machine.bus.IoSpace;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;
import trapline.machine.device.Uart;

/**
 * An i386 PC reduced to what a kernel's trap path needs: CPUs with local APICs, RAM, a serial port and an exit port.
 *
 * <p>Typical use: load bytes with {@link #poke} or {@link #memory()}, {@link #startMultiboot} at the entry point, {@link
 * #observe}, then {@link #run}. A machine is not thread-safe.
 */
public final class Machine {

    /** Smallest RAM size accepted, in bytes. */
    public static final int RAM_BYTES_MIN = 1 << 20;

    private static final int COM1 = 0x3f8;

    /**
     * How many alarms may ring in a row, with every CPU halted, before nothing is expected of them any more: far more than a
     * guest's timer needs to wake it, and soon over.
     */
    private static final int IDLE_ALARMS_MAX = 100_000;

    /** How often at least a stop requested by another thread is noticed. */
    private static final long STOP_CHECK_STEPS = 1 << 20;

    final Cpu[] cpus;
    final PhysicalMemory memory;
    final IoSpace io = new IoSpace();
    final AlarmClock clock = new AlarmClock(this::step, this::leaveSoon);
    private final Uart serial = new Uart(COM1, IrqLine.NONE);
    final HiddenPages hiddenPages = new HiddenPages();
    long step;
    volatile boolean stopRequested;
    /** The executor shall come back: an alarm was set before the end of what it was told to run. */
    boolean leaving;
    /** Iterations of repeated string instructions that were not their instruction's last. */
    long repeats;
    /** How many of them may be done. */
    long repeatsMax = Long.MAX_VALUE;
    /** A CPU stands before an address given to {@link #stopBefore}. */
    boolean stoppedAt;

    private final Set<Integer> stops = new HashSet<>();
    private final Map<Integer, Integer> functions = new HashMap<>();
    private Observation observation = Observation.NONE;
    private @Nullable Observer observer;
    private int running = -1;
    private long quantumLeft;
    private @Nullable RunResult finalResult;

    /**
     * A machine after power-on; CPU 0 is the boot processor, the others wait for INIT and SIPI.
     *
     * @param ramBytes size of RAM from physical address 0; a multiple of 4096 between 1 MiB and 1 GiB
     * @param cpuCount 1 to 16
     */
    public Machine(int ramBytes, int cpuCount) {
        if (cpuCount < 1 || cpuCount > 16) {
            throw new IllegalArgumentException("1 to 16 CPUs, not " + cpuCount);
        }
        memory = new PhysicalMemory(ramBytes);
        cpus = new Cpu[cpuCount];
        for (int i = 0; i < cpuCount; i++) {
            cpus[i] = new Cpu(this, i);
        }
        for (Cpu cpu : cpus) {
            cpu.updateAttention();
        }
        io.register(COM1, Uart.PORTS, serial);
        GuestPorts guestPorts = new GuestPorts(this);
        io.register(GuestPorts.EXIT, 1, guestPorts);
        io.register(GuestPorts.NOTE, 1, guestPorts);
    }

    /** Number of CPUs. */
    public int cpuCount() {
        return cpus.length;
    }

    /** CPU {@code index}, counted from 0; its local APIC id is the same number. */
    public Cpu cpu(int index) {
        return cpus[index];
    }

    /** The RAM. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** Instructions retired by all CPUs since the machine was made. */
    public long step() {
        return step + cpus[Math.max(0, running)].index;
    }

    /**
     * Where an event that the listener is being told of stands among the EFLAGS writes of the log that is being filled
     * ({@link MachineListener#flagLog}); 0 if there is none.
     */
    public int flagPosition() {
        return observer == null ? 0 : observer.flagPosition(cpus[Math.max(0, running)]);
    }

    /** Changes the step by something that is not executed now. */
    void moveStep(long by) {
        step += by;
        if (observer != null) {
            observer.stepsChange(by);
        }
    }

    /** The CPU that runs or ran last, -1 before the first run. */
    public int runningCpu() {
        return running;
    }

    /** Whether CPU {@code index} could execute an instruction or take an interrupt now. */
    public boolean isRunnable(int index) {
        return cpus[index].isRunnable();
    }

    /**
     * Puts CPU 0 in the state in which a Multiboot loader enters a kernel (Multiboot 0.6.96 §3.2): 32-bit protected mode,
     * flat segments, paging and interrupts off, EAX = 0x2BADB002, EBX = {@code infoAddress}.
     */
    public void startMultiboot(int entry, int infoAddress) {
        Cpu cpu = cpus[0];
        cpu.reset();
        cpu.cr0 = Cpu.CR0_PE | Cpu.CR0_ET;
        int data = Segments.PRESENT | Segments.NORMAL | Segments.RW | Segments.ACCESSED | Segments.BIG | 0x8000;
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            cpu.seg.set(s, 0x10, 0, -1, data);
        }
        cpu.seg.set(Cpu.CS, 0x8, 0, -1, data | Segments.CODE);
        cpu.r[Cpu.EAX] = 0x2bad_b002;
        cpu.r[Cpu.EBX] = infoAddress;
        cpu.r[Cpu.EDX] = 0;
        cpu.eip = entry;
        cpu.pagingChanged();
        cpu.updateAttention();
    }

    /** Attaches the listener and the table of observed objects; replaces what was attached; null detaches. */
    public void observe(@Nullable MachineListener listener, Observation objects) {
        for (PageMarks marks : memory.marks) {
            if (marks != null) {
                marks.unmarkAll(PageMarks.VARIABLE);
                marks.unmarkAll(PageMarks.TEXT);
                marks.unmarkAll(PageMarks.FRAME);
            }
        }
        observation = listener == null ? Observation.NONE : objects;
        functions.clear();
        for (int i = 0; i < observation.entries().size(); i++) {
            Observation.Entry entry = observation.entries().get(i);
            if (entry.kind() == Observation.Kind.FUNCTION) {
                functions.put(entry.address(), i);
            }
        }
        Observer attached = listener == null ? null : new Observer(this, listener, observation);
        observer = attached;
        for (Cpu cpu : cpus) {
            cpu.observer = attached;
            cpu.executor.clear();
            cpu.segmentsChanged();
        }
        marksChanged();
    }

    /**
     * Runs until something ends the run or {@code steps} more instructions have retired. After a final end the same result
     * is returned again.
     *
     * @param scheduler chooses the CPUs
     * @param steps how many instructions at most; {@code Long.MAX_VALUE} for no limit
     */
    public RunResult run(Scheduler scheduler, long steps) {
        if (finalResult != null) {
            return finalResult;
        }
        long until = step + Math.min(steps, Long.MAX_VALUE - step);
        try {
            return runUntil(scheduler, until);
        } catch (MachineEnd end) {
            return end(end.reason, end.detail, end.exitCode);
        }
    }

    private RunResult runUntil(Scheduler scheduler, long until) {
        while (true) {
            if (stopRequested) {
                stopRequested = false;
                updateAttention();
                if (!repeatsAreSpent()) {
                    return result(EndReason.STOP_REQUESTED, "");
                }
            }
            if (repeatsAreSpent()) {
                return result(EndReason.STEP_LIMIT, repeats + " iterations of repeated instructions");
            }
            if (step >= until) {
                return result(EndReason.STEP_LIMIT, "");
            }
            clock.ring();
            if (quantumLeft <= 0 || running < 0 || !cpus[running].isRunnable()) {
                if (!schedule(scheduler) && !(waitForTimer() && schedule(scheduler))) {
                    return end(EndReason.HALTED, "every CPU is halted and nothing can wake one", 0);
                }
            }
            if (leaving) {
                leaving = false;
                cpus[running].updateAttention();
            }
            long before = step;
            long steps = Math.min(quantumLeft, Math.min(until - step, clock.stepsLeft()));
            cpus[running].executor.run(Math.min(STOP_CHECK_STEPS, steps));
            quantumLeft -= step - before;
            if (stoppedAt) {
                stoppedAt = false;
                return result(EndReason.STOP_ADDRESS, "");
            }
        }
    }

    /** Lets time pass until an alarm makes a CPU runnable; false if none ever does. */
    private boolean waitForTimer() {
        for (int rung = 0; rung < IDLE_ALARMS_MAX && couldWake() && clock.skip(); rung++) {
            clock.ring();
            for (Cpu cpu : cpus) {
                if (cpu.isRunnable()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether an interrupt would wake any CPU. */
    private boolean couldWake() {
        for (Cpu cpu : cpus) {
            if (!cpu.waitsForStartup && (cpu.eflags & Flags.IF) != 0) {
                return true;
            }
        }
        return false;
    }

    private void leaveSoon() {
        leaving = true;
        if (running >= 0) {
            cpus[running].updateAttention();
        }
    }

    private boolean schedule(Scheduler scheduler) {
        int wanted = scheduler.next(this);
        quantumLeft = Math.max(1, scheduler.quantumSteps());
        int reason = MachineListener.SWITCH_SCHEDULED;
        int chosen = wanted;
        for (int i = 0; i < cpus.length && !cpus[chosen].isRunnable(); i++) {
            chosen = (chosen + 1) % cpus.length;
            reason = MachineListener.SWITCH_HALTED;
        }
        if (!cpus[chosen].isRunnable()) {
            return false;
        }
        if (chosen != running) {
            if (observer != null) {
                observer.listener.switchCpu(step, running, chosen, reason);
            }
            running = chosen;
        }
        return true;
    }

    private RunResult result(EndReason reason, String detail) {
        int cpu = Math.max(running, 0);
        return new RunResult(reason, step, cpu, cpus[cpu].eip, 0, detail);
    }

    private RunResult end(EndReason reason, String detail, int exitCode) {
        int cpu = Math.max(running, 0);
        RunResult result = new RunResult(reason, step, cpu, cpus[cpu].eip, exitCode, detail);
        finalResult = result;
        if (observer != null) {
            observer.listener.ended(step, cpu, reason, detail);
        }
        return result;
    }

    private void updateAttention() {
        for (Cpu cpu : cpus) {
            cpu.updateAttention();
        }
    }

    /** Ends the quantum of the running CPU: {@link #run} asks the scheduler before the next instruction. */
    public void reschedule() {
        quantumLeft = 0;
    }

    /**
     * Makes {@link #run} return at the next instruction boundary with {@link EndReason#STOP_REQUESTED}. Another thread may
     * call it too; then the run stops soon, at a place that is not defined.
     */
    public void requestStop() {
        stopRequested = true;
        updateAttention();
    }

    /**
     * Makes {@link #run} return with {@link EndReason#STEP_LIMIT} when repeated string instructions (REP) have done so many
     * iterations since the machine was made, in the midst of one if need be: such an instruction retires once, and could
     * go on for billions of iterations.
     *
     * @param iterations not counted is the one with which an instruction ends
     */
    public void limitRepeats(long iterations) {
        repeatsMax = iterations;
    }

    /** Whether {@link #limitRepeats} ends every run from here on. */
    public boolean repeatsAreSpent() {
        return repeats >= repeatsMax;
    }

    /**
     * Makes {@link #run} return with {@link EndReason#STOP_ADDRESS} whenever any CPU is about to execute the instruction at
     * {@code eip}, that is after the interrupts and traps pending there have been delivered and returned. Continuing
     * executes it, unless something was raised meanwhile; then it stops there again after that.
     */
    public void stopBefore(int eip) {
        stops.add(eip);
        clearBlocks();
    }

    /** Undoes {@link #stopBefore}. */
    public void clearStop(int eip) {
        stops.remove(eip);
        clearBlocks();
    }

    private void clearBlocks() {
        for (Cpu cpu : cpus) {
            cpu.executor.clear();
            cpu.segmentsChanged();
        }
    }

    boolean isStop(int eip) {
        return !stops.isEmpty() && stops.contains(eip);
    }

    /** Whether a block must end before this address. */
    boolean isBlockBoundary(int eip) {
        return isStop(eip) || functionAt(eip) >= 0;
    }

    int functionAt(int eip) {
        return functions.isEmpty() ? -1 : functions.getOrDefault(eip, -1);
    }

    /** Raises an NMI at a CPU; it is delivered at the next boundary that allows it. */
    public void raiseNmi(int cpu) {
        cpus[cpu].nmiPending = true;
        cpus[cpu].nmiInjected = true;
        cpus[cpu].updateAttention();
        tellInjected(cpu, MachineListener.INJECT_NMI, 0, 0);
    }

    /**
     * Raises interrupt {@code vector} (16–255) at a CPU as an external controller would: delivered when IF allows, no EOI.
     */
    public void raiseIrq(int cpu, int vector) {
        if (vector < 16 || vector > 255) {
            throw new IllegalArgumentException("interrupt vector " + vector + " is not within 16–255");
        }
        cpus[cpu].apic.raiseExternal(vector);
        tellInjected(cpu, MachineListener.INJECT_IRQ, vector, 0);
    }

    private void tellInjected(int cpu, int kind, int a, int b) {
        if (observer != null) {
            observer.listener.injected(cpu, step, kind, a, b);
        }
    }

    /**
     * Stores bytes as the CPU's page tables map them, ignoring write protection.
     *
     * @param by {@link MachineListener#BY_DEBUGGER} or {@link MachineListener#BY_INJECTION}
     * @throws IllegalArgumentException if the address is not mapped to RAM
     */
    public void poke(int cpu, int linear, byte[] bytes, int by) {
        peek(cpu, linear, bytes.length);
        if (by == MachineListener.BY_INJECTION) {
            tellInjected(cpu, MachineListener.INJECT_POKE, linear, bytes.length);
        }
        cpus[cpu].eipOfRunning = cpus[cpu].eip;
        for (int i = 0; i < bytes.length; i++) {
            int physical = physical(cpu, linear + i);
            int old = memory.load(physical, 1);
            memory.store(physical, 1, bytes[i]);
            if (observer != null) {
                observer.afterStore(cpus[cpu], linear + i, physical, 1, old, by);
            }
        }
    }

    /**
     * Reads bytes as the CPU's page tables map them; no event, no accessed bit.
     *
     * @throws IllegalArgumentException if the address is not mapped to RAM
     */
    public byte[] peek(int cpu, int linear, int size) {
        byte[] bytes = new byte[size];
        for (int done = 0; done < size; ) {
            int from = linear + done;
            int inPage = Math.min(size - done, PageMarks.PAGE_BYTES - (from & (PageMarks.PAGE_BYTES - 1)));
            System.arraycopy(memory.ram, physical(cpu, from), bytes, done, inPage);
            done += inPage;
        }
        return bytes;
    }

    private int physical(int cpu, int linear) {
        long physical = cpus[cpu].mmu.lookUp(linear);
        if (physical < 0 || !memory.isRam((int) physical)) {
            throw new IllegalArgumentException(String.format("linear address %08x is not mapped to RAM", linear));
        }
        return (int) physical;
    }

    /**
     * Makes the page of a linear address fault as not present on every CPU, whatever the page tables say.
     *
     * @param faults after this many page faults the page is back; 0: it stays away until {@link #showPage}
     */
    public void hidePage(int linear, int faults) {
        hiddenPages.hide(linear, faults);
        pagingChanged();
        tellInjected(Math.max(running, 0), MachineListener.INJECT_HIDE_PAGE, linear, faults);
    }

    /** Undoes {@link #hidePage}. */
    public void showPage(int linear) {
        hiddenPages.show(linear);
        pagingChanged();
        tellInjected(Math.max(running, 0), MachineListener.INJECT_SHOW_PAGE, linear, 0);
    }

    private void pagingChanged() {
        for (Cpu cpu : cpus) {
            cpu.pagingChanged();
        }
    }

    void flushTlbs() {
        for (Cpu cpu : cpus) {
            cpu.mmu.flush();
        }
    }

    /** Pages have their first marks, or none any more: translations stay, accesses take a second look. */
    void marksChanged() {
        for (Cpu cpu : cpus) {
            cpu.mmu.marksChanged();
        }
    }

    /** The marks of the page of a physical address; made, and known to all TLBs, if there were none. */
    PageMarks marksFor(int physical) {
        boolean isNew = memory.marksAt(physical) == null;
        PageMarks marks = memory.marksFor(physical);
        if (isNew) {
            marksChanged();
        }
        return marks;
    }

    /** What the guest wrote to COM1, as ISO-8859-1; at most the last MiB. */
    public String console() {
        return serial.text();
    }

    /** Captures the whole machine; cheap when repeated, pages are shared until written. */
    public Snapshot capture() {
        PageSet pages = memory.capture();
        flushTlbs();
        CpuState[] states = new CpuState[cpus.length];
        for (int i = 0; i < cpus.length; i++) {
            states[i] = CpuState.of(cpus[i]);
        }
        int[][] observed = observer == null ? null : observer.copy();
        return new Snapshot(
                step, repeats, running, quantumLeft, pages, states, devices(), hiddenPages.copy(), observed);
    }

    /** Goes back to a captured state of this machine; listener and observed objects stay as they are attached now. */
    public void restore(Snapshot snapshot) {
        memory.restore(snapshot.pages);
        moveStep(snapshot.step - step);
        repeats = snapshot.repeats;
        running = snapshot.running;
        quantumLeft = snapshot.quantumLeft;
        finalResult = null;
        stopRequested = false;
        loadDevices(new StateReader(snapshot.devices));
        hiddenPages.set(snapshot.hiddenPages);
        for (int i = 0; i < cpus.length; i++) {
            snapshot.cpus[i].restore(cpus[i]);
        }
        if (observer != null && snapshot.observation != null) {
            observer.restore(snapshot.observation);
        } else if (observer != null) {
            observer.forget();
        }
    }

    /** A hash of all registers, memory and devices: equal states have equal digests. */
    public long stateDigest() {
        long hash = CpuState.mix(0, step);
        for (Cpu cpu : cpus) {
            hash = CpuState.of(cpu).digest(hash);
        }
        for (byte b : devices()) {
            hash = CpuState.mix(hash, b);
        }
        return memory.digest(hash);
    }

    private byte[] devices() {
        StateWriter out = new StateWriter();
        clock.save(out);
        io.save(out);
        return out.toBytes();
    }

    private void loadDevices(StateReader in) {
        clock.load(in);
        io.load(in);
    }
}
