package trapline.machine.i386;

import trapline.machine.alu.Flags;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observer;

/** IRET: the way back from a trap (Intel SDM vol. 2, IRET; vol. 3A §6.12, §6.7.1 for NMI, §20.2.5 for virtual-8086 mode). */
final class InterruptReturn {
    private InterruptReturn() {}

    /** IRET with operands of {@code size} bytes at {@code from}; {@code next} is what a return to it would find. */
    static void execute(Cpu cpu, int size, int from, int next) {
        cpu.nmiBlocked = false;
        int frameAt = cpu.seg.base[Cpu.SS] + cpu.stackPointer();
        int before = cpu.eflags;
        FlagOps.requireIopl3InVirtual8086(cpu);
        if (cpu.hasParagraphs()) {
            returnReal(cpu, size);
        } else if ((before & Flags.NT) != 0) {
            Tasks.returnFromTask(cpu, next);
            frameAt = cpu.taskSwitch.frameAt;
        } else {
            returnProtected(cpu, size);
        }
        cpu.segmentsChanged();
        cpu.updateAttention();
        Observer observer = cpu.observer;
        if (observer != null) {
            observer.eflagsWrite(cpu, from, before, cpu.eflags, MachineListener.CAUSE_IRET);
            observer.trapExit(cpu, from, frameAt);
        }
        Tasks.deliverLate(cpu);
    }

    private static void returnReal(Cpu cpu, int size) {
        int newEip = cpu.peek(0, size);
        int newCs = cpu.peek(size, size);
        int image = cpu.peek(2 * size, size);
        if (newEip >>> 16 != 0) {
            throw cpu.gp(0);
        }
        cpu.drop(3 * size);
        cpu.eip = newEip;
        cpu.seg.setReal(Cpu.CS, newCs);
        int kept = Flags.VM | Flags.VIF | Flags.VIP | (cpu.isVirtual8086() ? Flags.IOPL : 0);
        cpu.eflags = merge(cpu.eflags, image, Flags.DEFINED & ~kept, size);
    }

    private static int merge(int eflags, int image, int writable, int size) {
        int mask = size == 4 ? writable : writable & 0xffff;
        return (eflags & ~mask) | (image & mask) | Flags.ALWAYS;
    }

    /** The bits that IRET may change at the present CPL. */
    private static int writable(Cpu cpu) {
        int mask = Flags.DEFINED & ~(Flags.VM | Flags.VIF | Flags.VIP | Flags.IOPL | Flags.IF);
        if (cpu.cpl <= Flags.ioplOf(cpu.eflags)) {
            mask |= Flags.IF;
        }
        return cpu.cpl == 0 ? mask | Flags.IOPL | Flags.VIF | Flags.VIP : mask;
    }

    private static void returnProtected(Cpu cpu, int size) {
        int image = cpu.peek(2 * size, size);
        int newCs = cpu.peek(size, size) & 0xffff;
        int newEip = cpu.peek(0, size);
        if (size == 4 && (image & Flags.VM) != 0 && cpu.cpl == 0) {
            returnToVirtual8086(cpu, newEip, newCs, image);
            return;
        }
        int writable = writable(cpu);
        FarTransfer.touchOuterStack(cpu, newCs, 3 * size, size);
        FarTransfer.checkReturnCode(cpu, newCs, newEip);
        int codeLow = cpu.tables.low;
        int codeHigh = cpu.tables.high;
        if ((newCs & 3) > cpu.cpl) {
            FarTransfer.returnOuter(cpu, newCs, newEip, 3 * size, size, 0);
        } else {
            cpu.drop(3 * size);
            cpu.seg.setFromDescriptor(Cpu.CS, newCs, codeLow, codeHigh);
            cpu.eip = newEip;
        }
        cpu.eflags = merge(cpu.eflags, image, writable, size);
    }

    /** SDM vol. 3A §20.2.5: the frame has all the segment registers, and every flag comes from its image. */
    private static void returnToVirtual8086(Cpu cpu, int newEip, int newCs, int image) {
        int newEsp = cpu.peek(12, 4);
        int[] selectors = new int[6];
        selectors[Cpu.CS] = newCs;
        selectors[Cpu.SS] = cpu.peek(16, 4);
        selectors[Cpu.ES] = cpu.peek(20, 4);
        selectors[Cpu.DS] = cpu.peek(24, 4);
        selectors[Cpu.FS] = cpu.peek(28, 4);
        selectors[Cpu.GS] = cpu.peek(32, 4);
        if (newEip >>> 16 != 0) {
            throw cpu.gp(0);
        }
        cpu.eflags = (image & Flags.DEFINED) | Flags.ALWAYS;
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            cpu.seg.setReal(s, selectors[s]);
        }
        cpu.r[Cpu.ESP] = newEsp;
        cpu.setCpl(3);
        cpu.eip = newEip;
    }
}
