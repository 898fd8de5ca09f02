package trapline.machine.alu;

/** The bits of EFLAGS (Intel SDM vol. 1 §3.4.3). */
public final class Flags {
    /** Carry. */
    public static final int CF = 1;
    /** Bit 1 is always set. */
    public static final int ALWAYS = 2;
    /** Parity of the low byte. */
    public static final int PF = 4;
    /** Auxiliary carry, out of bit 3. */
    public static final int AF = 0x10;
    /** Zero. */
    public static final int ZF = 0x40;
    /** Sign. */
    public static final int SF = 0x80;
    /** Trap: single-step. */
    public static final int TF = 0x100;
    /** Interrupt enable. */
    public static final int IF = 0x200;
    /** Direction of string instructions. */
    public static final int DF = 0x400;
    /** Overflow. */
    public static final int OF = 0x800;
    /** I/O privilege level, two bits. */
    public static final int IOPL = 0x3000;
    /** Nested task. */
    public static final int NT = 0x4000;
    /** Resume: suppresses instruction breakpoints for one instruction. */
    public static final int RF = 0x10000;
    /** Virtual-8086 mode. */
    public static final int VM = 0x20000;
    /** Alignment check. */
    public static final int AC = 0x40000;
    /** Virtual interrupt flag. */
    public static final int VIF = 0x80000;
    /** Virtual interrupt pending. */
    public static final int VIP = 0x100000;
    /** CPUID is available if this bit can be changed. */
    public static final int ID = 0x200000;

    /** The six status flags that arithmetic writes. */
    public static final int STATUS = CF | PF | AF | ZF | SF | OF;
    /** Every bit that has a meaning. */
    public static final int DEFINED = 0x003f_7fd5;

    private Flags() {}

    public static int ioplOf(int eflags) {
        return (eflags & IOPL) >>> 12;
    }
}
