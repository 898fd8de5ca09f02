package trapline.machine;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An i386 PC reduced to what a kernel's trap path needs: CPUs with local APICs, RAM, a serial port and an exit port.
 *
 * <p>Typical use: load bytes with {@link #poke} or {@link #memory()}, {@link #startMultiboot} at the entry point, {@link
 * #observe}, then {@link #run}. A machine is not thread-safe.
 */
public final class Machine {

    /** Smallest RAM size accepted, in bytes. */
    public static final int RAM_BYTES_MIN = 1 << 20;

    final Cpu[] cpus;
    final PhysicalMemory memory;
    long step;
    private int running = -1;

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
        return step;
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
     * Puts CPU 0 in the state in which a Multiboot loader enters a kernel (Multiboot 0.6.96 §3.2): 32-bit protected
     * mode, flat segments, paging and interrupts off, EAX = 0x2BADB002, EBX = {@code infoAddress}.
     */
    public void startMultiboot(int entry, int infoAddress) {}

    /** Attaches the listener and the table of observed objects; replaces what was attached; null detaches. */
    public void observe(@Nullable MachineListener listener, Observation observation) {}

    /**
     * Runs until something ends the run or {@code steps} more instructions have retired.
     *
     * @param scheduler chooses the CPUs
     * @param steps how many instructions at most; {@code Long.MAX_VALUE} for no limit
     */
    public RunResult run(Scheduler scheduler, long steps) {
        return new RunResult(EndReason.UNSUPPORTED, step, 0, 0, 0, "");
    }

    /** Makes {@link #run} return at the next instruction boundary with {@link EndReason#STOP_REQUESTED}. */
    public void requestStop() {}

    /**
     * Makes {@link #run} return with {@link EndReason#STOP_ADDRESS} whenever any CPU is about to execute the instruction
     * at {@code eip}, before interrupts and traps pending there are delivered. Continuing executes it.
     */
    public void stopBefore(int eip) {}

    /** Undoes {@link #stopBefore}. */
    public void clearStop(int eip) {}

    /** Raises an NMI at a CPU; it is delivered at the next boundary that allows it. */
    public void raiseNmi(int cpu) {}

    /** Raises interrupt {@code vector} (16–255) at a CPU's local APIC as a device would; delivered when IF allows. */
    public void raiseIrq(int cpu, int vector) {}

    /**
     * Stores bytes as the CPU's page tables map them, ignoring write protection.
     *
     * @param by {@link MachineListener#BY_DEBUGGER} or {@link MachineListener#BY_INJECTION}
     * @throws IllegalArgumentException if the address is not mapped to RAM
     */
    public void poke(int cpu, int linear, byte[] bytes, int by) {}

    /**
     * Reads bytes as the CPU's page tables map them; no event, no accessed bit.
     *
     * @throws IllegalArgumentException if the address is not mapped to RAM
     */
    public byte[] peek(int cpu, int linear, int size) {
        return new byte[size];
    }

    /**
     * Makes the page of a linear address fault as not present on every CPU, whatever the page tables say.
     *
     * @param faults after this many page faults the page is back; 0: it stays away until {@link #showPage}
     */
    public void hidePage(int linear, int faults) {}

    /** Undoes {@link #hidePage}. */
    public void showPage(int linear) {}

    /** What the guest wrote to COM1, as ISO-8859-1; at most the last MiB. */
    public String console() {
        return new String(new byte[0], StandardCharsets.ISO_8859_1);
    }

    /** Captures the whole machine; cheap when repeated, pages are shared until written. */
    public Snapshot capture() {
        return new Snapshot();
    }

    /** Goes back to a captured state; listener and observation table stay as they are attached now. */
    public void restore(Snapshot snapshot) {}

    /** A hash of all registers and memory: equal states have equal digests. */
    public long stateDigest() {
        return 0;
    }
}
