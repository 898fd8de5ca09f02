package trapline.machine.i386;

import trapline.machine.bus.PageMarks;
import trapline.machine.tape.Observer;

/** What somebody outside does to a CPU: looks at memory through its page tables, changes it, makes it start. */
public final class Debugger {
    private Debugger() {}

    /**
     * Bytes as the page tables map them; no event, no accessed bit.
     *
     * @throws IllegalArgumentException if the address is not mapped to RAM
     */
    public static byte[] peek(Cpu cpu, int linear, int size) {
        byte[] bytes = new byte[size];
        for (int done = 0; done < size; ) {
            int from = linear + done;
            int inPage = Math.min(size - done, PageMarks.PAGE_BYTES - (from & (PageMarks.PAGE_BYTES - 1)));
            System.arraycopy(cpu.memory.ram(), inRam(cpu, from), bytes, done, inPage);
            done += inPage;
        }
        return bytes;
    }

    /**
     * Stores bytes as the page tables map them, ignoring write protection.
     *
     * @param by who does it, a BY constant of {@code MachineListener}
     * @throws IllegalArgumentException if the address is not mapped to RAM
     */
    public static void poke(Cpu cpu, int linear, byte[] bytes, int by) {
        cpu.eipOfRunning = cpu.eip;
        Observer observer = cpu.observer;
        for (int i = 0; i < bytes.length; i++) {
            int physical = inRam(cpu, linear + i);
            int old = cpu.memory.load(physical, 1);
            cpu.memory.store(physical, 1, bytes[i]);
            if (observer != null) {
                observer.afterStore(cpu, linear + i, physical, 1, old, by);
            }
        }
    }

    private static int inRam(Cpu cpu, int linear) {
        long physical = cpu.lookUp(linear);
        if (physical < 0 || !cpu.memory.isRam((int) physical)) {
            throw new IllegalArgumentException(String.format("linear address %08x is not mapped to RAM", linear));
        }
        return (int) physical;
    }

    /** See {@code Machine.startMultiboot}. */
    public static void startMultiboot(Cpu cpu, int entry, int infoAddress) {
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

    /** See {@code Machine.startLinux}. */
    public static void startLinux(Cpu cpu, int entry, int bootParams, int gdtAddress) {
        startMultiboot(cpu, entry, 0);
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            cpu.seg.selector[s] = s == Cpu.CS ? 0x10 : 0x18;
        }
        cpu.tables.gdtBase = gdtAddress;
        cpu.tables.gdtLimit = 0x1f;
        cpu.r[Cpu.EAX] = 0;
        cpu.r[Cpu.ESI] = bootParams;
    }
}
