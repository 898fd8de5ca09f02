package trapline.machine;

/** One i386 CPU: its registers, for reading between runs and for tests to set up. */
public final class Cpu {
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

    final Machine machine;
    final int id;
    final int[] r = new int[9];
    int eip;
    int eflags = 2;
    long icount;

    Cpu(Machine machine, int id) {
        this.machine = machine;
        this.id = id;
    }

    /** The CPU's number. */
    public int id() {
        return id;
    }

    /** A general register, e.g. {@code reg(Cpu.EAX)}. */
    public int reg(int number) {
        return r[number];
    }

    /** Sets a general register. */
    public void setReg(int number, int value) {
        r[number] = value;
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

    /** Sets EFLAGS, with no event. */
    public void setEflags(int value) {
        eflags = value;
    }

    /** Selector in segment register ES … GS. */
    public int selector(int segment) {
        return 0;
    }

    /** Control register 0, 2, 3 or 4. */
    public int cr(int number) {
        return 0;
    }

    /** Debug register 0–3, 6 or 7. */
    public int dr(int number) {
        return 0;
    }

    /** Current privilege level, 0–3. */
    public int cpl() {
        return 0;
    }

    /** Instructions retired by this CPU. */
    public long icount() {
        return icount;
    }

    /** Whether the CPU waits in HLT. */
    public boolean isHalted() {
        return false;
    }

    /** Whether the CPU has been started: true for the boot CPU, for others after INIT and SIPI. */
    public boolean isStarted() {
        return true;
    }

    boolean isRunnable() {
        return true;
    }
}
