package trapline.machine.i386;

/** CALL through a call gate, to the same or a more privileged level (Intel SDM vol. 3A §5.8.3–5.8.5). */
final class CallGate {
    private static final int WIDE = 8;

    private CallGate() {}

    static void call(Cpu cpu, int selector, int attr, int next) {
        int parameters = cpu.tables.high & 0x1f;
        int target = FarTransfer.readGate(cpu, selector, attr);
        int size = (attr & WIDE) != 0 ? 4 : 2;
        int codeAttr = cpu.tables.attributes();
        int dpl = Segments.dplOf(codeAttr);
        if (Segments.isConformingCode(codeAttr) || dpl == cpu.cpl) {
            FarTransfer.callSameLevel(cpu, cpu.gateSelector, target, size, next);
        } else {
            callInner(cpu, target, size, next, parameters, dpl);
        }
    }

    private static void callInner(Cpu cpu, int target, int size, int next, int parameters, int level) {
        int codeLow = cpu.tables.low;
        int codeHigh = cpu.tables.high;
        int codeSelector = (cpu.gateSelector & 0xfffc) | level;
        if (Integer.compareUnsigned(target, Segments.limitOf(codeLow, codeHigh)) > 0) {
            throw cpu.gp(0);
        }
        TaskState.readStack(cpu, level, 0);
        int newEsp = cpu.taskStackPointer;
        int newSs = cpu.taskStackSelector;
        cpu.tables.checkStack(newSs, level, Fault.TS, 0);
        int stackLow = cpu.tables.low;
        int stackHigh = cpu.tables.high;
        int mask = (Segments.attributesOf(stackHigh) & Segments.BIG) != 0 ? -1 : 0xffff;
        int bytes = (4 + parameters) * size;
        int bottom = (newEsp - bytes) & mask;
        int limit = Segments.limitOf(stackLow, stackHigh);
        if (!Segments.isWithin(Segments.attributesOf(stackHigh), limit, bottom, bytes)) {
            throw cpu.fault(Fault.SS, newSs & 0xfffc);
        }
        int to = Segments.baseOf(stackLow, stackHigh) + bottom;
        // in the order of pushes: a page fault names the first that fails
        store(cpu, to + (3 + parameters) * size, size, cpu.seg.selector[Cpu.SS]);
        store(cpu, to + (2 + parameters) * size, size, cpu.r[Cpu.ESP]);
        for (int i = parameters - 1; i >= 0; i--) {
            store(cpu, to + (2 + i) * size, size, cpu.peek(i * size, size));
        }
        store(cpu, to + size, size, cpu.seg.selector[Cpu.CS]);
        store(cpu, to, size, next);
        cpu.seg.setFromDescriptor(Cpu.SS, newSs, stackLow, stackHigh);
        cpu.seg.setFromDescriptor(Cpu.CS, codeSelector, codeLow, codeHigh);
        cpu.r[Cpu.ESP] = bottom | (cpu.r[Cpu.ESP] & ~mask);
        cpu.setCpl(level);
        cpu.eip = target;
        cpu.segmentsChanged();
    }

    private static void store(Cpu cpu, int linear, int size, int value) {
        cpu.mmu.writeSystem(linear, size, value);
    }
}
