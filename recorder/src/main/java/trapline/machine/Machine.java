package trapline.machine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Flags;
import trapline.machine.bus.AlarmClock;
import trapline.machine.bus.Bus;
import trapline.machine.bus.EndReason;
import trapline.machine.bus.Hash;
import trapline.machine.bus.HiddenPages;
import trapline.machine.bus.IoSpace;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.MachineEnd;
import trapline.machine.bus.PageMarks;
import trapline.machine.bus.PageSet;
import trapline.machine.bus.PhysicalMemory;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;
import trapline.machine.bus.Stops;
import trapline.machine.device.LocalApic;
import trapline.machine.device.Uart;
import trapline.machine.i386.Cpu;
import trapline.machine.i386.CpuImage;
import trapline.machine.i386.Debugger;
import trapline.machine.i386.Executor;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.Observer;
import trapline.machine.tape.TapeRow;

/**
 * An i386 PC reduced to what a kernel's trap path needs: CPUs with local APICs, RAM, a serial port and an exit port.
 *
 * <p>Typical use: load bytes with {@link #poke} or {@link #memory()}, {@link #startMultiboot} at the entry point, {@link
 * #observe}, then {@link #run}. A machine is not thread-safe.
 */
public final class Machine {

    /** Smallest RAM size accepted, in bytes. */
    public static final int RAM_BYTES_MIN = PhysicalMemory.RAM_BYTES_MIN;

    /**
     * How many alarms may ring in a row, with every CPU halted, before nothing is expected of them any more: far more than a
     * guest's timer needs to wake it, and soon over.
     */
    private static final int IDLE_ALARMS_MAX = 100_000;

    /** How often at least a stop requested by another thread is noticed. */
    private static final long STOP_CHECK_STEPS = 1 << 20;

    private final Cpu[] cpus;
    private final Executor[] executors;
    private final PhysicalMemory memory;
    private final IoSpace io = new IoSpace();
    private final AlarmClock clock = new AlarmClock(this::step, this::leaveSoon);
    private final @Nullable Pc pc;
    private final Uart serial;
    private final HiddenPages hiddenPages = new HiddenPages();
    private final Stops stops = new Stops();
    private final Bus bus;
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
        this(ramBytes, cpuCount, null);
    }

    /**
     * A machine after power-on, with the devices of a PC around the CPUs if there is a plan of them.
     *
     * @param ramBytes size of RAM from physical address 0; a multiple of 4096 between 1 MiB and 1 GiB
     * @param cpuCount 1 to 16
     * @param plan of a PC; null for CPUs with a serial port and an exit port
     */
    public Machine(int ramBytes, int cpuCount, @Nullable PcPlan plan) {
        if (cpuCount < 1 || cpuCount > 16) {
            throw new IllegalArgumentException("1 to 16 CPUs, not " + cpuCount);
        }
        memory = new PhysicalMemory(ramBytes);
        bus = new Bus(memory, io, clock, hiddenPages, stops);
        cpus = new Cpu[cpuCount];
        executors = new Executor[cpuCount];
        for (int i = 0; i < cpuCount; i++) {
            cpus[i] = new Cpu(bus, i);
            executors[i] = new Executor(cpus[i]);
        }
        memory.onNewMarks(this::marksChanged);
        List<LocalApic> apics = Arrays.stream(cpus).map(Cpu::apic).toList();
        apics.forEach(apic -> apic.connect(apics));
        for (Cpu cpu : cpus) {
            cpu.updateAttention();
        }
        pc = plan == null ? null : new Pc(plan, memory, io, clock, apics);
        serial = pc == null ? new Uart(Pc.COM1, IrqLine.NONE) : pc.serial();
        if (pc == null) {
            io.register(Pc.COM1, Uart.PORTS, serial);
        }
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
        return clock.step + cpus[Math.max(0, running)].index();
    }

    /** Writes something of the listener's own between the rows of its tape; see {@link TapeRow#OTHER}. */
    public void append(Object object) {
        if (observer != null) {
            observer.append(cpus[Math.max(0, running)], object);
        }
    }

    @Nullable Observer observer() {
        return observer;
    }

    /** Changes the step by something that is not executed now. */
    private void moveStep(long by) {
        clock.step += by;
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
        Debugger.startMultiboot(cpus[0], entry, infoAddress);
    }

    /**
     * Puts CPU 0 in the state in which a loader enters Linux (the kernel's boot protocol, "32-bit boot protocol"): flat segments
     * 0x10 and 0x18 of a table at {@code gdtAddress}, paging and interrupts off, ESI = {@code bootParams}.
     */
    public void startLinux(int entry, int bootParams, int gdtAddress) {
        Debugger.startLinux(cpus[0], entry, bootParams, gdtAddress);
    }

    /** Attaches the listener and the table of observed objects; replaces what was attached; null detaches. */
    public void observe(@Nullable MachineListener listener, Observation objects) {
        memory.unmarkAll(PageMarks.VARIABLE);
        memory.unmarkAll(PageMarks.TEXT);
        memory.unmarkAll(PageMarks.FRAME);
        memory.unmarkAll(PageMarks.STACK);
        Observer attached = listener == null ? null : new Observer(bus, List.of(cpus), listener, objects);
        observer = attached;
        for (Cpu cpu : cpus) {
            cpu.observe(attached);
        }
        clearCode();
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
        long until = clock.step + Math.min(steps, Long.MAX_VALUE - clock.step);
        try {
            return runUntil(scheduler, until);
        } catch (MachineEnd end) {
            return end(end.reason, end.detail, end.exitCode);
        }
    }

    private RunResult runUntil(Scheduler scheduler, long until) {
        while (true) {
            if (stops.requested) {
                stops.requested = false;
                updateAttention();
                if (!repeatsAreSpent()) {
                    return result(EndReason.STOP_REQUESTED, "");
                }
            }
            if (repeatsAreSpent()) {
                return result(EndReason.STEP_LIMIT, stops.repeats + " iterations of repeated instructions");
            }
            if (clock.step >= until) {
                return result(EndReason.STEP_LIMIT, "");
            }
            clock.ring();
            if (quantumLeft <= 0 || running < 0 || !cpus[running].isRunnable()) {
                if (!schedule(scheduler) && !(waitForTimer() && schedule(scheduler))) {
                    return end(EndReason.HALTED, "every CPU is halted and nothing can wake one", 0);
                }
            }
            if (stops.leaving) {
                stops.leaving = false;
                cpus[running].updateAttention();
            }
            long before = clock.step;
            long steps = Math.min(quantumLeft, Math.min(until - clock.step, clock.stepsLeft()));
            executors[running].run(Math.min(STOP_CHECK_STEPS, steps));
            quantumLeft -= clock.step - before;
            if (stops.reached) {
                stops.reached = false;
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
            if (cpu.isStarted() && (cpu.eflags() & Flags.IF) != 0) {
                return true;
            }
        }
        return false;
    }

    private void leaveSoon() {
        stops.leaving = true;
        if (running >= 0) {
            cpus[running].updateAttention();
        }
    }

    private boolean schedule(Scheduler scheduler) {
        int wanted = scheduler.next(this);
        quantumLeft = Math.max(1, scheduler.quantumSteps());
        int reason = scheduler.isOrdered() ? MachineListener.SWITCH_ORDERED : MachineListener.SWITCH_SCHEDULED;
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
                observer.switched(
                        cpus[Math.max(0, running)], chosen, running < 0 ? MachineListener.SWITCH_START : reason);
            }
            running = chosen;
        }
        return true;
    }

    private RunResult result(EndReason reason, String detail) {
        int cpu = Math.max(running, 0);
        return new RunResult(reason, clock.step, cpu, cpus[cpu].eip(), 0, detail);
    }

    private RunResult end(EndReason reason, String detail, int exitCode) {
        int cpu = Math.max(running, 0);
        RunResult result = new RunResult(reason, clock.step, cpu, cpus[cpu].eip(), exitCode, detail);
        finalResult = result;
        if (observer != null) {
            observer.ended(cpus[cpu], reason);
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
        stops.requested = true;
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
        stops.repeatsMax = iterations;
    }

    /** Whether {@link #limitRepeats} ends every run from here on. */
    public boolean repeatsAreSpent() {
        return stops.repeatsAreSpent();
    }

    /**
     * Makes {@link #run} return with {@link EndReason#STOP_ADDRESS} whenever any CPU is about to execute the instruction at
     * {@code eip}, that is after the interrupts and traps pending there have been delivered and returned. Continuing
     * executes it, unless something was raised meanwhile; then it stops there again after that.
     */
    public void stopBefore(int eip) {
        stops.add(eip);
        clearCode();
    }

    /** Undoes {@link #stopBefore}. */
    public void clearStop(int eip) {
        stops.remove(eip);
        clearCode();
    }

    private void clearCode() {
        for (Executor executor : executors) {
            executor.clear();
        }
    }

    /** Raises an NMI at a CPU; it is delivered at the next boundary that allows it. */
    public void raiseNmi(int cpu) {
        cpus[cpu].injectNmi();
        tellInjected(cpu, MachineListener.INJECT_NMI, 0, 0);
    }

    /**
     * Raises interrupt {@code vector} (16–255) at a CPU as an external controller would: delivered when IF allows, no EOI.
     */
    public void raiseIrq(int cpu, int vector) {
        if (vector < 16 || vector > 255) {
            throw new IllegalArgumentException("interrupt vector " + vector + " is not within 16–255");
        }
        cpus[cpu].apic().raiseExternal(vector);
        tellInjected(cpu, MachineListener.INJECT_IRQ, vector, 0);
    }

    private void tellInjected(int cpu, int kind, int a, int b) {
        if (observer != null) {
            if (kind != MachineListener.INJECT_NMI && kind != MachineListener.INJECT_IRQ) {
                observer.disturbed();
            }
            observer.injected(cpus[Math.max(0, running)], cpu, kind, a, b);
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
        Debugger.poke(cpus[cpu], linear, bytes, by);
    }

    /**
     * Reads bytes as the CPU's page tables map them; no event, no accessed bit.
     *
     * @throws IllegalArgumentException if the address is not mapped to RAM
     */
    public byte[] peek(int cpu, int linear, int size) {
        return Debugger.peek(cpus[cpu], linear, size);
    }

    /**
     * Makes the page of a linear address fault as not present on every CPU, whatever the page tables say.
     *
     * @param faults after this many page faults the page is back; 0: it stays away until {@link #showPage}
     */
    public void hidePage(int linear, int faults) {
        hiddenPages.hide(linear, faults);
        pagingChanged();
        tellInjected(Math.max(running, 0), MachineListener.INJECT_PAGE, linear, faults);
    }

    /** Undoes {@link #hidePage}. */
    public void showPage(int linear) {
        hiddenPages.show(linear);
        pagingChanged();
        tellInjected(Math.max(running, 0), MachineListener.INJECT_PAGE, linear, 0);
    }

    private void pagingChanged() {
        for (Cpu cpu : cpus) {
            cpu.pagingChanged();
        }
    }

    private void flushTlbs() {
        for (Cpu cpu : cpus) {
            cpu.flushTlb();
        }
    }

    /** Pages have their first marks, or none any more: translations stay, accesses take a second look. */
    private void marksChanged() {
        for (Cpu cpu : cpus) {
            cpu.marksChanged();
        }
    }

    /** What the guest wrote to COM1, as ISO-8859-1; at most the last MiB. */
    public String console() {
        return serial.text();
    }

    /** COM1. */
    public Uart serial() {
        return serial;
    }

    /** The text on a PC's screen; empty if it is blank or there is none. */
    public String screen() {
        return pc == null ? "" : pc.screen();
    }

    /** Sends scan codes to a PC, as of keys pressed and released. */
    public void press(byte[] scanCodes) {
        if (pc != null) {
            pc.keyboard().press(scanCodes);
        }
    }

    /** Captures the whole machine; cheap when repeated, pages are shared until written. */
    public Snapshot capture() {
        PageSet pages = memory.capture();
        flushTlbs();
        CpuImage[] states = new CpuImage[cpus.length];
        for (int i = 0; i < cpus.length; i++) {
            states[i] = CpuImage.of(cpus[i]);
        }
        int[][] observed = observer == null ? null : observer.copy();
        return new Snapshot(
                new Snapshot.Progress(clock.step, stops.repeats, running, quantumLeft),
                pages,
                states,
                devices(),
                hiddenPages.copy(),
                observed);
    }

    /** Goes back to a captured state of this machine; listener and observed objects stay as they are attached now. */
    public void restore(Snapshot snapshot) {
        memory.restore(snapshot.pages);
        moveStep(snapshot.progress.step() - clock.step);
        stops.repeats = snapshot.progress.repeats();
        running = snapshot.progress.running();
        quantumLeft = snapshot.progress.quantumLeft();
        finalResult = null;
        stops.requested = false;
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
        long hash = Hash.mix(0, clock.step);
        for (Cpu cpu : cpus) {
            hash = CpuImage.of(cpu).digest(hash);
        }
        for (byte b : devices()) {
            hash = Hash.mix(hash, b);
        }
        return memory.digest(hash);
    }

    private byte[] devices() {
        StateWriter out = new StateWriter();
        clock.save(out);
        io.save(out);
        if (pc != null) {
            pc.save(out);
        }
        return out.toBytes();
    }

    private void loadDevices(StateReader in) {
        clock.load(in);
        io.load(in);
        if (pc != null) {
            pc.load(in);
        }
    }
}
