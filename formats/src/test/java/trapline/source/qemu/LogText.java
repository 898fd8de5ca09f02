package trapline.source.qemu;

import java.util.Locale;

/** Writes a log as QEMU 7.2 does, for tests. */
final class LogText {

    private final StringBuilder out = new StringBuilder();
    private int number;

    /** A trap to be written; what is not set has a plain value. */
    static final class Trap {
        private int vector;
        private boolean software;
        private int cpl;
        private long ip;
        private long sp = 0xffffc90000013db8L;
        private long flags = 0x202;
        private long ax;
        private long taskBase = 0xfffffe0000003000L;
        private long dr6 = 0xffff0ff0L;
        private long cr2;
        private boolean wide = true;

        static Trap of(int vector, long ip) {
            Trap trap = new Trap();
            trap.vector = vector;
            trap.ip = ip;
            trap.software = vector == 3;
            return trap;
        }

        Trap flags(long value) {
            flags = value;
            return this;
        }

        Trap sp(long value) {
            sp = value;
            return this;
        }

        Trap ax(long value) {
            ax = value;
            return this;
        }

        Trap user() {
            cpl = 3;
            return this;
        }

        Trap cpu(int cpu) {
            taskBase = 0xfffffe0000003000L + cpu * 0x3b000L;
            return this;
        }

        Trap dr6(long value) {
            dr6 = value;
            return this;
        }

        Trap narrow() {
            wide = false;
            taskBase &= 0xffffffffL;
            sp &= 0xffffffffL;
            return this;
        }
    }

    LogText trap(Trap trap) {
        out.append(header(trap)).append(state(trap));
        return this;
    }

    /** The header line; the next one has the next number. */
    String header(Trap t) {
        String width = t.wide ? "%016x" : "%08x";
        return String.format(
                Locale.ROOT,
                "%6d: v=%02x e=0000 i=%d cpl=%d IP=%04x:" + width + " pc=" + width + " SP=0018:" + width
                        + (t.vector == 14 ? " CR2=" + width : " env->regs[R_EAX]=" + width) + "%n",
                number++,
                t.vector,
                t.software ? 1 : 0,
                t.cpl,
                t.cpl == 3 ? 0x33 : 0x10,
                t.ip,
                t.ip,
                t.sp,
                t.vector == 14 ? t.cr2 : t.ax);
    }

    String state(Trap t) {
        return t.wide ? state64(t) : state32(t);
    }

    private static String state64(Trap t) {
        return String.format(
                        Locale.ROOT,
                        "RAX=%016x RBX=0000000000000001 RCX=0000000000000002 RDX=0000000000000003%n"
                                + "RSI=0000000000000004 RDI=0000000000000005 RBP=0000000000000006 RSP=%016x%n"
                                + "R8 =0000000000000008 R9 =0000000000000009 R10=000000000000000a R11=000000000000000b%n"
                                + "R12=000000000000000c R13=000000000000000d R14=000000000000000e R15=000000000000000f%n"
                                + "RIP=%016x RFL=%08x [-------] CPL=%d II=0 A20=1 SMM=0 HLT=0%n",
                        t.ax,
                        t.sp,
                        t.ip,
                        t.flags,
                        t.cpl)
                + rest(t, "0000000000000000", "%016x");
    }

    private static String state32(Trap t) {
        return String.format(
                        Locale.ROOT,
                        "EAX=%08x EBX=00000001 ECX=00000002 EDX=00000003%n"
                                + "ESI=00000004 EDI=00000005 EBP=00000006 ESP=%08x%n"
                                + "EIP=%08x EFL=%08x [-------] CPL=%d II=0 A20=1 SMM=0 HLT=0%n",
                        t.ax,
                        t.sp,
                        t.ip,
                        t.flags,
                        t.cpl)
                + rest(t, "00000000", "%08x");
    }

    private static String rest(Trap t, String zero, String width) {
        StringBuilder out = new StringBuilder();
        for (String segment : new String[] {"ES", "CS", "SS", "DS", "FS", "GS"}) {
            out.append(segment).append(" =0000 ").append(zero).append(" 00000000 00000000\n");
        }
        out.append("LDT=0000 ").append(zero).append(" 00000000 00008200 DPL=0 LDT\n");
        out.append(
                String.format(Locale.ROOT, "TR =0040 " + width + " 00004087 00008900 DPL=0 TSS64-avl%n", t.taskBase));
        out.append("GDT=     ").append(zero).append(" 0000007f\n");
        out.append("IDT=     ").append(zero).append(" 00000fff\n");
        out.append(String.format(Locale.ROOT, "CR0=80050033 CR2=" + width + " CR3=03c5e000 CR4=000006b0%n", t.cr2));
        out.append("DR0=0 DR1=0 DR2=0 DR3=0 \n");
        out.append(String.format(Locale.ROOT, "DR6=" + width + " DR7=" + width + "%n", t.dr6, 0x400));
        return out.append("CCS=00000084 CCD=80000000 CCO=EFLAGS\nEFER=0000000000000d01\n")
                .toString();
    }

    LogText raw(String text) {
        out.append(text);
        return this;
    }

    LogText skipNumbers(int count) {
        number += count;
        return this;
    }

    /** Makes the next number the last one again, as CPUs that trap at the same time print it. */
    LogText sameNumber() {
        number--;
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
