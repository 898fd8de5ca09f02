package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** DR0–DR7 (Intel SDM vol. 3B §18.2, §18.3). */
class DebugRegisterTest {
    private static final int L0 = 1;
    private static final int WRITE_4 = 0xd_0000;
    private static final int READ_WRITE_4 = 0xf_0000;
    private final Lab lab = new Lab();

    @Test
    void instructionBreakpointIsAFaultThatRfSuppresses() {
        // the handler sets RF in the image: orl $0x10000,8(%esp); iret
        lab.handler(Fault.DB, "81 4c 24 08 00 00 01 00 cf");
        lab.cpu.debug.write(0, Lab.CODE + 1);
        lab.cpu.debug.write(7, L0);
        assertThat(lab.traps("90", "90", "90", Lab.EXIT)).containsExactly("#1 eip=10001 fl=2 dr6=1");
    }

    @Test
    void dataBreakpointTrapsAfterTheStore() {
        lab.cpu.debug.write(0, Lab.DATA);
        lab.cpu.debug.write(7, L0 | WRITE_4);
        assertThat(lab.traps("a3 00 00 03 00", "a1 00 00 03 00", "90", Lab.EXIT))
                .containsExactly("#1 eip=10005 fl=2 dr6=1");
    }

    @Test
    void readWriteBreakpointSeesPartsOfIt() {
        lab.cpu.debug.write(0, Lab.DATA);
        lab.cpu.debug.write(7, L0 | READ_WRITE_4);
        // mov 0x30003,%al; mov 0x30004,%al; mov %eax,0x2fffd (unaligned, reaches in)
        assertThat(lab.traps("a0 03 00 03 00", "a0 04 00 03 00", "a3 fd ff 02 00", Lab.EXIT))
                .containsExactly("#1 eip=10005 fl=2 dr6=1", "#1 eip=1000f fl=2 dr6=1");
    }

    @Test
    void breakpointAndSingleStepAreOneTrap() {
        lab.cpu.debug.write(0, Lab.DATA);
        lab.cpu.debug.write(7, L0 | WRITE_4);
        assertThat(lab.eflags(0x102).traps("a3 00 00 03 00", Lab.EXIT)).containsExactly("#1 eip=10005 fl=102 dr6=4001");
    }

    @Test
    void breakpointOfMovSsWaitsForTheNextInstruction() {
        lab.store(Lab.DATA, Lab.KERNEL_DS);
        lab.cpu.debug.write(0, Lab.DATA);
        lab.cpu.debug.write(7, L0 | READ_WRITE_4);
        assertThat(lab.traps("8e 15 00 00 03 00", "90", "90", Lab.EXIT)).containsExactly("#1 eip=10007 fl=2 dr6=1");
    }

    @Test
    void repStopsAtADataBreakpoint() {
        lab.cpu.setReg(Cpu.ECX, 4);
        lab.cpu.setReg(Cpu.EDI, Lab.DATA);
        lab.cpu.debug.write(0, Lab.DATA + 4);
        lab.cpu.debug.write(7, L0 | WRITE_4);
        assertThat(lab.traps("f3 ab", Lab.EXIT)).containsExactly("#1 eip=10000 fl=10002 dr6=1");
        assertThat(lab.cpu.reg(Cpu.ECX)).isZero();
    }

    @Test
    void generalDetectFaultsAndClearsItself() {
        // mov %eax,%dr0 with DR7.GD; the handler returns to it and it succeeds
        lab.cpu.setReg(Cpu.EAX, 0x1234);
        lab.cpu.debug.write(7, 0x2000);
        assertThat(lab.traps("0f 23 c0", Lab.EXIT)).containsExactly("#1 eip=10000 fl=10002 dr6=2000");
        assertThat(lab.cpu.dr(0)).isEqualTo(0x1234);
        assertThat(lab.cpu.dr(7)).isEqualTo(0x400);
    }

    @Test
    void softwareClearsDr6() {
        // mov %eax,%dr6 with 0 in the handler
        lab.handler(Fault.DB, "31 c0 0f 23 f0 cf");
        lab.eflags(0x102).traps("90", "f1", Lab.EXIT);
        assertThat(lab.traps).containsExactly("#1 eip=10001 fl=102 dr6=4000", "#1 eip=10002 fl=102 dr6=0");
    }
}
