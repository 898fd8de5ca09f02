package trapline.machine.i386;

/** What CPUID says: a made-up processor of the Pentium class with what the machine really has. */
final class Identification {
    /** Family 5, model 1, stepping 0. */
    static final int SIGNATURE = 0x0510;

    private static final int FPU = 1;
    private static final int PSE = 1 << 3;
    private static final int TSC = 1 << 4;
    private static final int PAE = 1 << 6;
    private static final int CX8 = 1 << 8;
    private static final int APIC = 1 << 9;
    private static final int MSR = 1 << 5;
    private static final int SEP = 1 << 11;
    private static final int PGE = 1 << 13;
    private static final int FXSR = 1 << 24;
    private static final int CMOV = 1 << 15;
    private static final int DE = 1 << 2;

    private Identification() {}

    static void cpuid(Cpu cpu) {
        int leaf = cpu.r[Cpu.EAX];
        if (leaf == 0) {
            // "TraplineI386" in EBX, EDX, ECX
            set(cpu, 1, 0x7061_7254, 0x656e_696c, 0x3638_3349);
        } else if (leaf == 1) {
            set(
                    cpu,
                    SIGNATURE,
                    cpu.id << 24,
                    FPU | DE | PSE | TSC | MSR | PAE | CX8 | APIC | SEP | PGE | CMOV | FXSR,
                    0);
        } else {
            set(cpu, 0, 0, 0, 0);
        }
    }

    private static void set(Cpu cpu, int eax, int ebx, int edx, int ecx) {
        cpu.r[Cpu.EAX] = eax;
        cpu.r[Cpu.EBX] = ebx;
        cpu.r[Cpu.EDX] = edx;
        cpu.r[Cpu.ECX] = ecx;
    }
}
