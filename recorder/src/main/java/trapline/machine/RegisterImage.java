package trapline.machine;

/**
 * The registers of interrupted code as an i386 kernel's trap entry lays them out in memory, from the address that its
 * handlers are given (struct pt_regs, include/asm-x86/ptrace.h, 2.6.24): offsets in bytes.
 *
 * <pre>
 *  0    4    8    12   16   20   24   28  32  36  40        44   48  52
 *  EBX  ECX  EDX  ESI  EDI  EBP  EAX  DS  ES  FS  orig_eax  EIP  CS  EFLAGS
 * </pre>
 */
final class RegisterImage {
    static final int EIP = 44;
    static final int EFLAGS = 52;

    /** General registers in the image's order, and the segments behind them. */
    static final int[] GENERAL = {Cpu.EBX, Cpu.ECX, Cpu.EDX, Cpu.ESI, Cpu.EDI, Cpu.EBP, Cpu.EAX};

    static final int[] SEGMENTS = {Cpu.DS, Cpu.ES, Cpu.FS};

    private RegisterImage() {}
}
