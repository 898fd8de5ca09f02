package trapline.machine.i386;

/**
 * An instruction in its general form: operands described by fields, behaviour by an {@link Action}. The frequent
 * instructions have classes of their own.
 */
final class Operation extends MemoryInstruction {
    /** What an instruction does. */
    interface Action {
        void execute(Cpu c, Operation o);
    }

    private final Action action;
    /** Operand size in bytes. */
    final int size;
    /** The register operand (ModRM.reg, or the low bits of the opcode). */
    final int reg;
    /** The register in ModRM.rm, or -1: memory. */
    final int rm;

    final int immediate;
    /** ENTER's level, a far pointer's selector. */
    final int immediate2;
    /** REP/REPE 0xf3, REPNE 0xf2, or 0. */
    final int repeat;
    /** The last opcode byte. */
    final int opcode;

    Operation(Decoded d, Action action) {
        super(d);
        this.action = action;
        size = d.size;
        reg = d.reg;
        rm = d.isRegister ? d.rm : -1;
        immediate = d.immediate;
        immediate2 = d.immediate2;
        repeat = d.repeat;
        opcode = d.opcode;
    }

    @Override
    void execute(Cpu c) {
        action.execute(c, this);
    }

    /** The value of the register-or-memory operand. */
    int read(Cpu c) {
        return read(c, size);
    }

    int read(Cpu c, int bytes) {
        return rm >= 0 ? c.reg(rm, bytes) : c.mmu.read(address(c, bytes, false), bytes);
    }

    /** As {@link #read(Cpu)}, for operands that are written back: faults as a write does. */
    int readForWrite(Cpu c) {
        return rm >= 0 ? c.reg(rm, size) : c.mmu.readForWrite(address(c, size, true), size);
    }

    void write(Cpu c, int value) {
        write(c, size, value);
    }

    void write(Cpu c, int bytes, int value) {
        if (rm >= 0) {
            c.setReg(rm, bytes, value);
        } else {
            c.mmu.write(address(c, bytes, true), bytes, value);
        }
    }

    /** Reads a part of a memory operand that has several, {@code distance} bytes in; offsets of 16 bits wrap. */
    int readPart(Cpu c, int distance, int bytes) {
        int offset = offset(c) + distance;
        int at = plain ? offset : c.seg.linear(segment, narrow ? offset & 0xffff : offset, bytes, false);
        return c.mmu.read(at, bytes);
    }

    /** The value of the register operand. */
    int register(Cpu c) {
        return c.reg(reg, size);
    }

    void setRegister(Cpu c, int value) {
        c.setReg(reg, size, value);
    }

    int shift() {
        return 32 - 8 * size;
    }
}
