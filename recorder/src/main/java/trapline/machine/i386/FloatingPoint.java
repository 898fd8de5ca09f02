package trapline.machine.i386;

import trapline.machine.alu.Flags;
import trapline.machine.bus.MachineEnd;
import trapline.machine.x87.X87;
import trapline.machine.x87.X87.Format;

/**
 * The x87 instructions: which operation of the {@link X87} an opcode stands for, and its operands (Intel SDM vol. 2 appendix
 * A.5). Pending exceptions raise #MF whether CR0.NE is set or not. Transcendental instructions end the run and say so.
 */
final class FloatingPoint {
    private static final int MF = 16;
    private static final int POINTERS_16 = 14;
    private static final int POINTERS_32 = 28;
    private static final int FX_BYTES = 512;
    private static final int FX_REGISTERS = 32;

    private static final Format[] ARITHMETIC = {Format.FLOAT, Format.DWORD, Format.DOUBLE, Format.WORD};

    private FloatingPoint() {}

    private static void requireUnit(Cpu c) {
        if ((c.cr0 & (Cpu.CR0_EM | Cpu.CR0_TS)) != 0) {
            throw c.fault(Fault.NM, Fault.NO_CODE);
        }
    }

    private static void requireNonePending(Cpu c) {
        if (c.x87.isPending()) {
            throw c.fault(MF, Fault.NO_CODE);
        }
    }

    static void fwait(Cpu c, Operation o) {
        int both = Cpu.CR0_MP | Cpu.CR0_TS;
        if ((c.cr0 & both) == both) {
            throw c.fault(Fault.NM, Fault.NO_CODE);
        }
        requireNonePending(c);
    }

    static void execute(Cpu c, Operation o) {
        c.mmu.leaveTrial();
        requireUnit(c);
        if (!isControl(o)) {
            requireNonePending(c);
            note(c, o);
        }
        if (o.rm < 0) {
            memory(c, o);
        } else {
            register(c, o);
        }
    }

    /** Whether an instruction does not wait for pending exceptions: FNINIT, FNCLEX, FNSTCW, FNSTSW, FNSTENV, FNSAVE. */
    private static boolean isControl(Operation o) {
        if (o.rm >= 0) {
            return (o.opcode == 0xdb && o.reg == 4) || (o.opcode == 0xdf && o.reg == 4 && o.rm == 0);
        }
        return (o.opcode == 0xd9 && o.reg >= 6) || (o.opcode == 0xdd && o.reg >= 6);
    }

    private static void note(Cpu c, Operation o) {
        boolean isNumeric = o.rm >= 0 || (o.opcode != 0xd9 && o.opcode != 0xdd) || o.reg < 4;
        if (!isNumeric) {
            return;
        }
        int[] last = c.x87.last();
        last[0] = (o.opcode & 7) << 8 | o.reg << 3 | (o.rm >= 0 ? 0xc0 | o.rm : 0);
        last[1] = o.eip;
        last[2] = c.seg.selector[Cpu.CS];
        if (o.rm < 0) {
            last[3] = o.offset(c);
            last[4] = c.seg.selector[o.segment];
        }
    }

    // ---- memory operands ----

    private static void memory(Cpu c, Operation o) {
        int group = o.opcode & 7;
        if ((group & 1) == 0) {
            arithmeticMemory(c, o, ARITHMETIC[group >> 1]);
            return;
        }
        switch (o.opcode) {
            case 0xd9 -> memoryD9(c, o);
            case 0xdb -> memoryDb(c, o);
            case 0xdd -> memoryDd(c, o);
            default -> memoryDf(c, o);
        }
    }

    private static void arithmeticMemory(Cpu c, Operation o, Format format) {
        long operand = read(c, o, format.bytes());
        if (o.reg == 2 || o.reg == 3) {
            c.x87.compareMemory(format, operand, o.reg - 2);
        } else {
            c.x87.arithmeticMemory(o.reg, format, operand);
        }
    }

    private static void memoryD9(Cpu c, Operation o) {
        switch (o.reg) {
            case 0 -> load(c, o, Format.FLOAT);
            case 2, 3 -> store(c, o, Format.FLOAT, o.reg == 3);
            case 4 -> loadEnvironment(c, o);
            case 5 -> c.x87.setControl(o.read(c, 2));
            case 6 -> storeEnvironment(c, o);
            case 7 -> o.write(c, 2, c.x87.control());
            default -> throw c.ud();
        }
    }

    private static void memoryDb(Cpu c, Operation o) {
        switch (o.reg) {
            case 0 -> load(c, o, Format.DWORD);
            case 2, 3 -> store(c, o, Format.DWORD, o.reg == 3);
            case 5 -> load(c, o, Format.EXTENDED);
            case 7 -> store(c, o, Format.EXTENDED, true);
            default -> throw c.ud();
        }
    }

    private static void memoryDd(Cpu c, Operation o) {
        switch (o.reg) {
            case 0 -> load(c, o, Format.DOUBLE);
            case 2, 3 -> store(c, o, Format.DOUBLE, o.reg == 3);
            case 4 -> restore(c, o);
            case 6 -> save(c, o);
            case 7 -> o.write(c, 2, c.x87.status());
            default -> throw c.ud();
        }
    }

    private static void memoryDf(Cpu c, Operation o) {
        switch (o.reg) {
            case 0 -> load(c, o, Format.WORD);
            case 2, 3 -> store(c, o, Format.WORD, o.reg == 3);
            case 4 -> load(c, o, Format.DECIMAL);
            case 5 -> load(c, o, Format.QWORD);
            case 6 -> store(c, o, Format.DECIMAL, true);
            case 7 -> store(c, o, Format.QWORD, true);
            default -> throw c.ud();
        }
    }

    private static void load(Cpu c, Operation o, Format format) {
        long low = read(c, o, Math.min(8, format.bytes()));
        int high = format.bytes() > 8 ? o.readPart(c, 8, 2) : 0;
        c.x87.load(format, low, high);
    }

    private static long read(Cpu c, Operation o, int bytes) {
        if (bytes < 8) {
            return o.read(c, bytes);
        }
        long low = o.readPart(c, 0, 4) & 0xffff_ffffL;
        return low | ((long) o.readPart(c, 4, 4) << 32);
    }

    private static void store(Cpu c, Operation o, Format format, boolean pops) {
        int at = o.address(c, format.bytes(), true);
        c.mmu.probeWrite(at, 1);
        c.mmu.probeWrite(at + format.bytes() - 1, 1);
        if (!c.x87.store(format)) {
            return;
        }
        long low = c.x87.storedLow;
        if (format.bytes() >= 8) {
            c.mmu.write32(at, (int) low);
            c.mmu.write32(at + 4, (int) (low >>> 32));
        } else {
            c.mmu.write(at, format.bytes(), (int) low);
        }
        if (format.bytes() == 10) {
            c.mmu.write16(at + 8, c.x87.storedHigh);
        }
        if (pops) {
            c.x87.pop();
        }
    }

    // ---- environment ----

    private static int pointerBytes(Operation o) {
        return o.size == 4 ? POINTERS_32 : POINTERS_16;
    }

    private static void storeEnvironment(Cpu c, Operation o) {
        int at = o.address(c, pointerBytes(o), true);
        c.mmu.probeWrite(at, 1);
        c.mmu.probeWrite(at + pointerBytes(o) - 1, 1);
        writeEnvironment(c, o, at);
        // What is stored has its exceptions masked afterwards (SDM vol. 2, FSTENV).
        c.x87.setControl(c.x87.control() | 0x3f);
    }

    private static void writeEnvironment(Cpu c, Operation o, int at) {
        int[] last = c.x87.last();
        int step = o.size == 4 ? 4 : 2;
        int unused = o.size == 4 ? 0xffff_0000 : 0;
        int[] words = {c.x87.control(), c.x87.status(), c.x87.tags()};
        for (int i = 0; i < words.length; i++) {
            c.mmu.write(at + i * step, step, words[i] | unused);
        }
        boolean paragraphs = c.hasParagraphs();
        int code = paragraphs ? last[1] + (last[2] << 4) : last[1];
        int data = paragraphs ? last[3] + (last[4] << 4) : last[3];
        int opcode = last[0] & 0x7ff;
        if (o.size == 4) {
            c.mmu.write32(at + 12, paragraphs ? code & 0xffff : code);
            c.mmu.write32(at + 16, paragraphs ? ((code >>> 4) & 0x0fff_f000) | opcode : last[2] | (opcode << 16));
            c.mmu.write32(at + 20, paragraphs ? data & 0xffff : data);
            c.mmu.write32(at + 24, paragraphs ? (data >>> 4) & 0x0fff_f000 : last[4] | 0xffff_0000);
        } else {
            c.mmu.write16(at + 6, code);
            c.mmu.write16(at + 8, paragraphs ? ((code >>> 4) & 0xf000) | opcode : last[2]);
            c.mmu.write16(at + 10, data);
            c.mmu.write16(at + 12, paragraphs ? (data >>> 4) & 0xf000 : last[4]);
        }
    }

    private static void loadEnvironment(Cpu c, Operation o) {
        int step = o.size == 4 ? 4 : 2;
        int control = o.readPart(c, 0, 2);
        int status = o.readPart(c, step, 2);
        int tags = o.readPart(c, 2 * step, 2);
        int[] last = c.x87.last();
        int[] read = new int[4];
        for (int i = 0; i < 4; i++) {
            read[i] = o.readPart(c, (3 + i) * step, step);
        }
        last[0] = o.size == 4 ? (read[1] >>> 16) & 0x7ff : last[0];
        last[1] = read[0];
        last[2] = read[1] & 0xffff;
        last[3] = read[2];
        last[4] = read[3] & 0xffff;
        c.x87.setEnvironment(control, status, X87.usedOfTags(tags));
    }

    private static void save(Cpu c, Operation o) {
        int head = pointerBytes(o);
        int at = o.address(c, head + 80, true);
        c.mmu.probeWrite(at, 1);
        c.mmu.probeWrite(at + head + 79, 1);
        writeEnvironment(c, o, at);
        for (int i = 0; i < 8; i++) {
            writeRegister(c, at + head + 10 * i, i);
        }
        c.x87.init();
    }

    private static void writeRegister(Cpu c, int at, int i) {
        c.mmu.write32(at, (int) c.x87.significand(i));
        c.mmu.write32(at + 4, (int) (c.x87.significand(i) >>> 32));
        c.mmu.write16(at + 8, c.x87.signExponent(i));
    }

    private static void restore(Cpu c, Operation o) {
        int head = pointerBytes(o);
        long[] significands = new long[8];
        int[] signs = new int[8];
        for (int i = 0; i < 8; i++) {
            significands[i] = readSignificand(c, o, head + 10 * i);
            signs[i] = o.readPart(c, head + 10 * i + 8, 2);
        }
        loadEnvironment(c, o);
        for (int i = 0; i < 8; i++) {
            c.x87.setRegister(i, signs[i], significands[i]);
        }
    }

    private static long readSignificand(Cpu c, Operation o, int distance) {
        long low = o.readPart(c, distance, 4) & 0xffff_ffffL;
        return low | ((long) o.readPart(c, distance + 4, 4) << 32);
    }

    /** FXSAVE, FXRSTOR: there is no SSE, so its part stays as it is. */
    static void extended(Cpu c, Operation o) {
        c.mmu.leaveTrial();
        requireUnit(c);
        if (o.rm >= 0 || o.reg > 1) {
            throw c.ud();
        }
        int at = o.address(c, FX_BYTES, o.reg == 0);
        if ((at & 0xf) != 0) {
            throw c.gp(0);
        }
        if (o.reg == 0) {
            saveExtended(c, at);
        } else {
            restoreExtended(c, at);
        }
    }

    private static void saveExtended(Cpu c, int at) {
        int[] last = c.x87.last();
        c.mmu.write16(at, c.x87.control());
        c.mmu.write16(at + 2, c.x87.status());
        c.mmu.write16(at + 4, c.x87.used());
        c.mmu.write16(at + 6, last[0] & 0x7ff);
        c.mmu.write32(at + 8, last[1]);
        c.mmu.write32(at + 12, last[2]);
        c.mmu.write32(at + 16, last[3]);
        c.mmu.write32(at + 20, last[4]);
        for (int i = 0; i < 8; i++) {
            int to = at + FX_REGISTERS + 16 * i;
            writeRegister(c, to, i);
            c.mmu.write16(to + 10, 0);
            c.mmu.write32(to + 12, 0);
        }
    }

    private static void restoreExtended(Cpu c, int at) {
        long[] significands = new long[8];
        int[] signs = new int[8];
        for (int i = 0; i < 8; i++) {
            int from = at + FX_REGISTERS + 16 * i;
            significands[i] = (c.mmu.read32(from) & 0xffff_ffffL) | ((long) c.mmu.read32(from + 4) << 32);
            signs[i] = c.mmu.read16(from + 8);
        }
        int[] last = c.x87.last();
        last[0] = c.mmu.read16(at + 6) & 0x7ff;
        last[1] = c.mmu.read32(at + 8);
        last[2] = c.mmu.read16(at + 12);
        last[3] = c.mmu.read32(at + 16);
        last[4] = c.mmu.read16(at + 20);
        c.x87.setEnvironment(c.mmu.read16(at), c.mmu.read16(at + 2), c.mmu.read8(at + 4));
        for (int i = 0; i < 8; i++) {
            c.x87.setRegister(i, signs[i], significands[i]);
        }
    }

    // ---- registers ----

    private static void register(Cpu c, Operation o) {
        X87 x = c.x87;
        switch (o.opcode) {
            case 0xd8 -> {
                if (o.reg == 2 || o.reg == 3) {
                    x.compare(o.rm, false, o.reg - 2);
                } else {
                    x.arithmetic(o.reg, 0, o.rm, false);
                }
            }
            case 0xd9 -> registerD9(c, o);
            case 0xda -> registerDa(c, o);
            case 0xdb -> registerDb(c, o);
            case 0xdc, 0xde -> reversed(c, o);
            case 0xdd -> registerDd(c, o);
            default -> registerDf(c, o);
        }
    }

    /** DC and DE: ST(i) is the destination, and the two subtractions and divisions have changed places. */
    private static void reversed(Cpu c, Operation o) {
        boolean pops = o.opcode == 0xde;
        if (o.reg == 2 || o.reg == 3) {
            boolean both = pops && o.reg == 3;
            if (both && o.rm != 1) {
                throw c.ud();
            }
            c.x87.compare(o.rm, false, both ? 2 : pops || o.reg == 3 ? 1 : 0);
            return;
        }
        int operation = o.reg >= 4 ? o.reg ^ 1 : o.reg;
        c.x87.arithmetic(operation, o.rm, 0, pops);
    }

    private static void registerD9(Cpu c, Operation o) {
        X87 x = c.x87;
        switch (o.reg) {
            case 0 -> x.loadRegister(o.rm);
            case 1 -> x.exchange(o.rm);
            case 2 -> {
                if (o.rm != 0) {
                    throw c.ud();
                }
            }
            case 3 -> x.storeRegister(o.rm, true);
            case 4 -> unary(c, o);
            case 5 -> {
                if (o.rm == 7) {
                    throw c.ud();
                }
                x.loadConstant(o.rm);
            }
            default -> special(c, o);
        }
    }

    private static void unary(Cpu c, Operation o) {
        switch (o.rm) {
            case 0 -> c.x87.sign(true);
            case 1 -> c.x87.sign(false);
            case 4 -> c.x87.test();
            case 5 -> c.x87.examine();
            default -> throw c.ud();
        }
    }

    private static void special(Cpu c, Operation o) {
        switch (o.reg << 3 | o.rm) {
            case 0x34 -> c.x87.extract();
            case 0x35 -> c.x87.remainder(true);
            case 0x36 -> c.x87.turn(-1);
            case 0x37 -> c.x87.turn(1);
            case 0x38 -> c.x87.remainder(false);
            case 0x3a -> c.x87.squareRoot();
            case 0x3c -> c.x87.toIntegral();
            case 0x3d -> c.x87.scale();
            default ->
                throw MachineEnd.unsupported(String.format(
                        "transcendental x87 instruction d9 %02x at %08x", 0xc0 | o.reg << 3 | o.rm, o.eip));
        }
    }

    private static void registerDa(Cpu c, Operation o) {
        if (o.reg < 4) {
            c.x87.moveIf(o.rm, condition(c, o.reg));
        } else if (o.reg == 5 && o.rm == 1) {
            c.x87.compare(1, true, 2);
        } else {
            throw c.ud();
        }
    }

    /** Below, equal, below or equal, unordered. */
    private static boolean condition(Cpu c, int which) {
        int mask = switch (which) {
            case 0 -> Flags.CF;
            case 1 -> Flags.ZF;
            case 2 -> Flags.CF | Flags.ZF;
            default -> Flags.PF;
        };
        return (c.eflags & mask) != 0;
    }

    private static void registerDb(Cpu c, Operation o) {
        switch (o.reg) {
            case 0, 1, 2, 3 -> c.x87.moveIf(o.rm, !condition(c, o.reg));
            case 4 -> control(c, o);
            case 5, 6 -> compareFlags(c, o, o.reg == 5, 0);
            default -> throw c.ud();
        }
    }

    private static void control(Cpu c, Operation o) {
        switch (o.rm) {
            case 2 -> c.x87.clearExceptions();
            case 3 -> c.x87.init();
            // FNENI, FNDISI, FNSETPM do nothing since the 387.
            case 0, 1, 4 -> {}
            default -> throw c.ud();
        }
    }

    private static void compareFlags(Cpu c, Operation o, boolean quiet, int pops) {
        int order = c.x87.compareFlags(o.rm, quiet, pops);
        if (order == 3) {
            return;
        }
        int status = order == 2 ? Flags.ZF | Flags.PF | Flags.CF : order == 0 ? Flags.ZF : order < 0 ? Flags.CF : 0;
        c.setStatus(status);
    }

    private static void registerDd(Cpu c, Operation o) {
        switch (o.reg) {
            case 0 -> c.x87.free(o.rm);
            case 1 -> c.x87.exchange(o.rm);
            case 2, 3 -> c.x87.storeRegister(o.rm, o.reg == 3);
            case 4, 5 -> c.x87.compare(o.rm, true, o.reg - 4);
            default -> throw c.ud();
        }
    }

    private static void registerDf(Cpu c, Operation o) {
        switch (o.reg) {
            case 0 -> {
                c.x87.free(o.rm);
                c.x87.turn(1);
            }
            case 1 -> c.x87.exchange(o.rm);
            case 2, 3 -> c.x87.storeRegister(o.rm, true);
            case 4 -> {
                if (o.rm != 0) {
                    throw c.ud();
                }
                c.setReg(Cpu.EAX, 2, c.x87.status());
            }
            case 5, 6 -> compareFlags(c, o, o.reg == 5, 1);
            default -> throw c.ud();
        }
    }
}
