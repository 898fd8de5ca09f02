package trapline.machine.i386;

/** What the decoder found; scratch that instructions copy from when they are made. */
final class Decoded {
    /** The register number that reads as 0. */
    static final int NO_REGISTER = 8;

    int eip;
    int next;
    Row row = Row.NONE;
    boolean big;
    boolean flat;

    // prefixes
    boolean operandOverride;
    boolean narrow;
    int segmentOverride;
    int repeat;
    boolean lock;

    /** Last opcode byte. */
    int opcode;

    boolean hasModRm;
    boolean isRegister;
    int reg;
    int rm;
    int base;
    int index;
    int scale;
    /** The scale as encoded, even where there is no index; and whether such an index is written as a placeholder. */
    int scaleWritten;

    boolean hasPlaceholder;
    int displacement;
    /** 0, 1, 2 or 4: how many bytes of displacement were given. */
    int displacementSize;

    int segment;

    /** 2 or 4, from mode and prefix. */
    int operandSize;
    /** 1, 2 or 4: of this instruction, from the pattern and {@link #operandSize}. */
    int size;

    int immediate;
    int immediate2;

    void reset() {
        row = Row.NONE;
        operandOverride = false;
        segmentOverride = -1;
        repeat = 0;
        lock = false;
        hasModRm = false;
        isRegister = false;
        reg = 0;
        rm = 0;
        base = NO_REGISTER;
        index = NO_REGISTER;
        scale = 0;
        scaleWritten = 0;
        hasPlaceholder = false;
        displacement = 0;
        displacementSize = 0;
        segment = Cpu.DS;
        immediate = 0;
        immediate2 = 0;
    }

    int addressSize() {
        return narrow ? 2 : 4;
    }
}
