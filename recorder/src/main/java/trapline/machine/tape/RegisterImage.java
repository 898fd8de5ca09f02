package trapline.machine.tape;

/**
 * The registers of interrupted code as an i386 kernel's trap entry lays them out in memory, from the address that its
 * handlers are given (struct pt_regs, include/asm-x86/ptrace.h, 2.6.24): offsets in bytes.
 *
 * <pre>
 *  0    4    8    12   16   20   24   28  32  36  40        44   48  52
 *  EBX  ECX  EDX  ESI  EDI  EBP  EAX  DS  ES  FS  orig_eax  EIP  CS  EFLAGS
 * </pre>
 *
 * Since 2.6.30 there is GS behind FS, and what follows is further up.
 */
final class RegisterImage {
    static final int EIP = 44;
    static final int EFLAGS = 52;
    static final int GS_BYTES = 4;
    static final int EIP_WITH_GS = EIP + GS_BYTES;

    static final int ES = 0;
    static final int DS = 3;
    static final int FS = 4;

    /** General registers in the image's order, by their numbers in instructions, and the segments behind them. */
    static final int[] GENERAL = {3, 1, 2, 6, 7, 5, 0};

    static final int[] SEGMENTS = {DS, ES, FS};

    private RegisterImage() {}
}
