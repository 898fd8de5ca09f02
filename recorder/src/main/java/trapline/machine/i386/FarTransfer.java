package trapline.machine.i386;

/** Far JMP, CALL and RET: code segments and call gates (Intel SDM vol. 3A §5.8; vol. 2, CALL, JMP, RET). */
final class FarTransfer {
    private static final int CALL_GATE_16 = 4;
    private static final int CALL_GATE_32 = 12;

    private FarTransfer() {}

    static void jump(Cpu cpu, int selector, int offset, int size, int from, int next) {
        if (cpu.hasParagraphs()) {
            checkReal(cpu, offset);
            cpu.seg.setReal(Cpu.CS, selector);
            cpu.eip = offset;
            cpu.segmentsChanged();
            return;
        }
        int attr = readTarget(cpu, selector);
        if (Segments.isCode(attr)) {
            checkDirect(cpu, selector, attr);
            load(cpu, (selector & 0xfffc) | cpu.cpl, size == 4 ? offset : offset & 0xffff);
        } else if (Tasks.isTask(attr)) {
            Tasks.jump(cpu, selector, attr, from, next);
        } else {
            int target = readGate(cpu, selector, attr);
            int gated = cpu.tables.attributes();
            boolean tooInner = !Segments.isConformingCode(gated) && Segments.dplOf(gated) != cpu.cpl;
            if (tooInner) {
                throw cpu.gp(cpu.gateSelector & 0xfffc);
            }
            load(cpu, (cpu.gateSelector & 0xfffc) | cpu.cpl, target);
        }
    }

    static void call(Cpu cpu, int selector, int offset, int size, int from, int next) {
        int oldCs = cpu.seg.selector[Cpu.CS];
        if (cpu.hasParagraphs()) {
            checkReal(cpu, offset);
            pushBoth(cpu, oldCs, next, size);
            cpu.seg.setReal(Cpu.CS, selector);
            cpu.eip = offset;
            cpu.segmentsChanged();
            return;
        }
        int attr = readTarget(cpu, selector);
        if (Segments.isCode(attr)) {
            checkDirect(cpu, selector, attr);
            int target = size == 4 ? offset : offset & 0xffff;
            callSameLevel(cpu, selector, target, size, next);
        } else if (Tasks.isTask(attr)) {
            Tasks.call(cpu, selector, attr, from, next);
        } else {
            CallGate.call(cpu, selector, attr, next);
        }
    }

    /** Pushes the return address and goes to the code segment whose descriptor was read last. */
    static void callSameLevel(Cpu cpu, int selector, int target, int size, int next) {
        int low = cpu.tables.low;
        int high = cpu.tables.high;
        checkLimit(cpu, target, low, high);
        int oldCs = cpu.seg.selector[Cpu.CS];
        pushBoth(cpu, oldCs, next, size);
        cpu.tables.low = low;
        cpu.tables.high = high;
        load(cpu, (selector & 0xfffc) | cpu.cpl, target);
    }

    /** Pushes CS and EIP; the stack pointer moves only if both fit. */
    private static void pushBoth(Cpu cpu, int cs, int next, int size) {
        cpu.mmu.write(cpu.stackLinear(-size, size, true), size, cs);
        cpu.mmu.write(cpu.stackLinear(-2 * size, size, true), size, next);
        cpu.drop(-2 * size);
    }

    private static void checkReal(Cpu cpu, int offset) {
        if (offset >>> 16 != 0) {
            throw cpu.gp(0);
        }
    }

    private static int readTarget(Cpu cpu, int selector) {
        if (Descriptors.isNull(selector)) {
            throw cpu.gp(0);
        }
        cpu.tables.readOrFault(selector, Fault.GP, 0);
        return cpu.tables.attributes();
    }

    private static void checkDirect(Cpu cpu, int selector, int attr) {
        int dpl = Segments.dplOf(attr);
        boolean allowed =
                Segments.isConformingCode(attr) ? dpl <= cpu.cpl : dpl == cpu.cpl && (selector & 3) <= cpu.cpl;
        checkCode(cpu, selector, attr, allowed);
    }

    private static void checkCode(Cpu cpu, int selector, int attr, boolean allowed) {
        if (!allowed) {
            throw cpu.gp(selector & 0xfffc);
        }
        if ((attr & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, selector & 0xfffc);
        }
    }

    private static void checkLimit(Cpu cpu, int target, int low, int high) {
        if (Integer.compareUnsigned(target, Segments.limitOf(low, high)) > 0) {
            throw cpu.gp(0);
        }
    }

    /** Loads CS from the descriptor read last, and EIP. */
    private static void load(Cpu cpu, int selector, int target) {
        checkLimit(cpu, target, cpu.tables.low, cpu.tables.high);
        cpu.tables.setAccess(selector, Segments.ACCESSED);
        cpu.seg.setFromDescriptor(Cpu.CS, selector, cpu.tables.low, cpu.tables.high);
        cpu.eip = target;
        cpu.segmentsChanged();
    }

    /**
     * Follows a call gate: returns the offset, leaves the selector in {@code gateSelector} and the checked code descriptor
     * in the tables' scratch.
     */
    static int readGate(Cpu cpu, int selector, int attr) {
        int type = attr & (Segments.TYPE | Segments.NORMAL);
        int code = selector & 0xfffc;
        int dpl = Segments.dplOf(attr);
        if ((type != CALL_GATE_16 && type != CALL_GATE_32) || dpl < cpu.cpl || dpl < (selector & 3)) {
            throw cpu.gp(code);
        }
        if ((attr & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, code);
        }
        int low = cpu.tables.low;
        int high = cpu.tables.high;
        cpu.gateSelector = low >>> 16;
        int targetAttr = readTarget(cpu, cpu.gateSelector);
        boolean allowed = Segments.isCode(targetAttr) && Segments.dplOf(targetAttr) <= cpu.cpl;
        checkCode(cpu, cpu.gateSelector, targetAttr, allowed);
        return type == CALL_GATE_32 ? (high & 0xffff_0000) | (low & 0xffff) : low & 0xffff;
    }

    /** RET far with {@code extra} bytes of parameters. */
    static void ret(Cpu cpu, int size, int extra) {
        int newCs = cpu.peek(size, size) & 0xffff;
        int newEip = cpu.peek(0, size);
        if (cpu.hasParagraphs()) {
            checkReal(cpu, newEip);
            cpu.drop(2 * size + extra);
            cpu.seg.setReal(Cpu.CS, newCs);
            cpu.eip = newEip;
            cpu.segmentsChanged();
            return;
        }
        touchOuterStack(cpu, newCs, 2 * size + extra, size);
        checkReturnCode(cpu, newCs, newEip);
        if ((newCs & 3) > cpu.cpl) {
            returnOuter(cpu, newCs, newEip, 2 * size + extra, size, extra);
        } else {
            cpu.drop(2 * size + extra);
            cpu.seg.setFromDescriptor(Cpu.CS, newCs, cpu.tables.low, cpu.tables.high);
            cpu.eip = newEip;
        }
        cpu.segmentsChanged();
    }

    /** Hardware reads SS and ESP of a return to another level before it checks CS. */
    static void touchOuterStack(Cpu cpu, int newCs, int above, int size) {
        if ((newCs & 3) != cpu.cpl) {
            cpu.peek(above + size, size);
            cpu.peek(above, size);
        }
    }

    /** The checks on a CS selector popped by RET or IRET; the descriptor stays in the tables' scratch. */
    static void checkReturnCode(Cpu cpu, int selector, int target) {
        int attr = readTarget(cpu, selector);
        int rpl = selector & 3;
        int dpl = Segments.dplOf(attr);
        boolean level = Segments.isConformingCode(attr) ? dpl <= rpl : dpl == rpl;
        checkCode(cpu, selector, attr, Segments.isCode(attr) && rpl >= cpu.cpl && level);
        checkLimit(cpu, target, cpu.tables.low, cpu.tables.high);
        cpu.tables.setAccess(selector, Segments.ACCESSED);
    }

    /**
     * Completes a return to a less privileged level: CS from the descriptor read last, SS:ESP from {@code above} bytes up
     * the stack; data segments that the new level may not use become null.
     */
    static void returnOuter(Cpu cpu, int newCs, int newEip, int above, int size, int extra) {
        int codeLow = cpu.tables.low;
        int codeHigh = cpu.tables.high;
        int newEsp = cpu.peek(above, size);
        int newSs = cpu.peek(above + size, size) & 0xffff;
        int newCpl = newCs & 3;
        cpu.tables.checkStack(newSs, newCpl, Fault.GP, 0);
        cpu.seg.setFromDescriptor(Cpu.SS, newSs, cpu.tables.low, cpu.tables.high);
        cpu.seg.setFromDescriptor(Cpu.CS, newCs, codeLow, codeHigh);
        cpu.setCpl(newCpl);
        cpu.eip = newEip;
        if (size == 4 && cpu.seg.isStackBig()) {
            cpu.r[Cpu.ESP] = newEsp + extra;
        } else {
            cpu.r[Cpu.ESP] = (cpu.r[Cpu.ESP] & 0xffff_0000) | ((newEsp + extra) & 0xffff);
        }
        dropInnerData(cpu);
    }

    private static void dropInnerData(Cpu cpu) {
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            int attr = cpu.seg.attributes[s];
            boolean data = s != Cpu.CS && s != Cpu.SS && !Segments.isConformingCode(attr);
            if (data && Segments.dplOf(attr) < cpu.cpl) {
                cpu.seg.setNull(s, 0);
            }
        }
    }
}
