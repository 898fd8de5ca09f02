package trapline.machine.i386;

import trapline.machine.alu.Flags;

/** The registers of a CPU that are plain values, and what they say about its mode. */
public abstract class Registers {
    /** Register numbers as instructions encode them. */
    public static final int EAX = 0;
    /** See {@link #EAX}. */
    public static final int ECX = 1;
    /** See {@link #EAX}. */
    public static final int EDX = 2;
    /** See {@link #EAX}. */
    public static final int EBX = 3;
    /** See {@link #EAX}. */
    public static final int ESP = 4;
    /** See {@link #EAX}. */
    public static final int EBP = 5;
    /** See {@link #EAX}. */
    public static final int ESI = 6;
    /** See {@link #EAX}. */
    public static final int EDI = 7;

    /** Segment register numbers as instructions encode them. */
    public static final int ES = 0;
    /** See {@link #ES}. */
    public static final int CS = 1;
    /** See {@link #ES}. */
    public static final int SS = 2;
    /** See {@link #ES}. */
    public static final int DS = 3;
    /** See {@link #ES}. */
    public static final int FS = 4;
    /** See {@link #ES}. */
    public static final int GS = 5;

    static final int CR0_PE = 1;
    static final int CR0_MP = 2;
    static final int CR0_EM = 4;
    static final int CR0_TS = 8;
    static final int CR0_ET = 0x10;
    static final int CR0_WP = 0x1_0000;
    static final int CR0_AM = 0x4_0000;
    static final int CR0_PG = 0x8000_0000;
    static final int CR4_TSD = 4;
    static final int CR4_DE = 8;
    static final int CR4_PSE = 0x10;
    static final int CR4_PAE = 0x20;
    static final int CR4_PGE = 0x80;
    static final int CR4_OSFXSR = 0x200;

    /** {@link Cpu#shadow}: the instruction before was an STI that set IF; maskable interrupts wait. */
    static final int SHADOW_STI = 1;
    /** {@link Cpu#shadow}: the instruction before loaded SS; interrupts, NMI and #DB traps wait. */
    static final int SHADOW_SS = 2;

    /** EAX … EDI, and a ninth that is always 0: the base or index of addresses that have none. */
    final int[] r = new int[9];

    int eip;
    int eflags = Flags.ALWAYS;
    int cpl;
    int cr0 = CR0_ET;
    int cr2;
    int cr3;
    int cr4;

    Registers() {}

    boolean isReal() {
        return (cr0 & CR0_PE) == 0;
    }

    boolean isVirtual8086() {
        return (eflags & Flags.VM) != 0;
    }

    /** Whether selectors are paragraphs, not names of descriptors: real and virtual-8086 mode. */
    boolean hasParagraphs() {
        return isReal() || isVirtual8086();
    }

    int reg(int number, int size) {
        return switch (size) {
            case 1 -> number < 4 ? r[number] & 0xff : (r[number & 3] >>> 8) & 0xff;
            case 2 -> r[number] & 0xffff;
            default -> r[number];
        };
    }

    void setReg(int number, int size, int value) {
        switch (size) {
            case 1 -> {
                if (number < 4) {
                    r[number] = (r[number] & ~0xff) | (value & 0xff);
                } else {
                    r[number & 3] = (r[number & 3] & ~0xff00) | ((value & 0xff) << 8);
                }
            }
            case 2 -> r[number] = (r[number] & 0xffff_0000) | (value & 0xffff);
            default -> r[number] = value;
        }
    }

    /** Replaces the six status flags. */
    void setStatus(int status) {
        eflags = (eflags & ~Flags.STATUS) | status;
    }

    /** A general register, e.g. {@code reg(Cpu.EAX)}. */
    public int reg(int number) {
        return r[number];
    }

    /** Sets a general register. */
    public void setReg(int number, int value) {
        r[number & 7] = value;
    }

    /** EIP: the next instruction. */
    public int eip() {
        return eip;
    }

    /** Sets EIP. */
    public void setEip(int value) {
        eip = value;
    }

    /** EFLAGS. */
    public int eflags() {
        return eflags;
    }

    /** Control register 0, 2, 3 or 4. */
    public int cr(int number) {
        return switch (number) {
            case 0 -> cr0;
            case 2 -> cr2;
            case 3 -> cr3;
            case 4 -> cr4;
            default -> throw new IllegalArgumentException("no CR" + number);
        };
    }

    /** Current privilege level, 0–3. */
    public int cpl() {
        return cpl;
    }
}
