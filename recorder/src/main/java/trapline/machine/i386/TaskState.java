package trapline.machine.i386;

import trapline.machine.alu.Flags;

/** What is used of the task-state segment: inner stacks and the I/O permission map (Intel SDM vol. 3A §7.2). */
final class TaskState {
    private static final int TSS_32 = 8;
    private static final int IO_MAP_BASE = 0x66;

    private TaskState() {}

    /** Leaves SS:ESP of a privilege level in the CPU's scratch; raises #TS if the TSS is too short. */
    static void readStack(Cpu cpu, int level, int external) {
        Segments seg = cpu.seg;
        int base = seg.base[Segments.TR];
        boolean wide = (seg.attributes[Segments.TR] & TSS_32) != 0;
        int offset = wide ? 4 + level * 8 : 2 + level * 4;
        int bytes = wide ? 8 : 4;
        if (Integer.compareUnsigned(offset + bytes - 1, seg.limit[Segments.TR]) > 0) {
            throw cpu.fault(Fault.TS, (seg.selector[Segments.TR] & 0xfffc) | external);
        }
        int half = bytes / 2;
        cpu.taskStackPointer = cpu.mmu.readSystem(base + offset, half);
        cpu.taskStackSelector = cpu.mmu.readSystem(base + offset + half, 2);
    }

    /** Raises #GP(0) unless IOPL (not in virtual-8086 mode) or the I/O permission map allows the access (SDM vol. 1 §19.5). */
    static void checkIo(Cpu cpu, int port, int bytes) {
        boolean byLevel = !cpu.isVirtual8086() && cpu.cpl <= Flags.ioplOf(cpu.eflags);
        if (cpu.isReal() || byLevel) {
            return;
        }
        Segments seg = cpu.seg;
        int attr = seg.attributes[Segments.TR];
        int limit = seg.limit[Segments.TR];
        boolean wide = (attr & Segments.PRESENT) != 0 && (attr & TSS_32) != 0;
        if (!wide || Integer.compareUnsigned(IO_MAP_BASE + 1, limit) > 0) {
            throw cpu.gp(0);
        }
        int at = cpu.mmu.readSystem(seg.base[Segments.TR] + IO_MAP_BASE, 2) + (port >> 3);
        if (Integer.compareUnsigned(at + 1, limit) > 0) {
            throw cpu.gp(0);
        }
        int bits = cpu.mmu.readSystem(seg.base[Segments.TR] + at, 2) >>> (port & 7);
        if ((bits & ((1 << bytes) - 1)) != 0) {
            throw cpu.gp(0);
        }
    }
}
