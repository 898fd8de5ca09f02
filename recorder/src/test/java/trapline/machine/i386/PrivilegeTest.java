package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.machine.RunResult;
import trapline.machine.bus.EndReason;

/** CPL 3, gates, IOPL and the I/O map (Intel SDM vol. 3A §5, §6.12; vol. 1 §19.5). */
class PrivilegeTest {
    private final Lab lab = new Lab();

    @Test
    void interruptFromUserSwitchesToTheStackOfTheTss() {
        lab.gate(0x40, 0xee);
        lab.user();
        // handler: store the frame's address, exit
        lab.handler(0x40, "89 e0 " + Lab.EXIT).traps("cd 40");
        int frame = lab.cpu.reg(Cpu.EAX);
        assertThat(frame).isEqualTo(Lab.KERNEL_STACK - 20);
        assertThat(lab.machine.memory().dword(frame)).isEqualTo(Lab.CODE + 2);
        assertThat(lab.machine.memory().dword(frame + 4)).isEqualTo(Lab.USER_CS);
        assertThat(lab.machine.memory().dword(frame + 12)).isEqualTo(Lab.USER_STACK);
        assertThat(lab.machine.memory().dword(frame + 16)).isEqualTo(Lab.USER_DS);
        assertThat(lab.cpu.cpl()).isZero();
        assertThat(lab.cpu.selector(Cpu.SS)).isEqualTo(Lab.KERNEL_DS);
    }

    @Test
    void iretBackToUserRestoresItsStack() {
        lab.gate(0x40, 0xee);
        lab.gate(0x41, 0xee);
        lab.user().handler(0x41, Lab.EXIT).traps("cd 40", "89 e0", "8c d1", "cd 41");
        assertThat(lab.cpu.reg(Cpu.EAX)).isEqualTo(Lab.USER_STACK);
        assertThat(lab.cpu.reg(Cpu.ECX)).isEqualTo(Lab.USER_DS);
    }

    @Test
    void gateForTheKernelOnlyIsAGeneralProtectionFault() {
        lab.user().handler(Fault.GP, Lab.EXIT);
        assertThat(lab.traps("cd 40")).containsExactly("#13 eip=10000 fl=10002 err=202");
    }

    @Test
    void gateThatIsNotPresent() {
        lab.gate(0x40, 0x0e);
        lab.handler(Fault.NP, Lab.EXIT);
        assertThat(lab.traps("cd 40")).containsExactly("#11 eip=10000 fl=10002 err=202");
    }

    @Test
    void singleStepFromUserSwitchesStacksToo() {
        lab.gate(0x41, 0xee);
        lab.user().eflags(0x102).handler(0x41, Lab.EXIT);
        assertThat(lab.traps("90", "cd 41")).containsExactly("#1 eip=10001 fl=102 dr6=4000", "#65 eip=10003 fl=102");
    }

    @Test
    void cliAndInNeedIopl() {
        lab.user().handler(Fault.GP, "83 44 24 04 01 83 c4 04 cf").gate(0x41, 0xee);
        lab.handler(0x41, Lab.EXIT);
        assertThat(lab.traps("fa", "ec", "f4", "cd 41"))
                .containsExactly(
                        "#13 eip=10000 fl=10002 err=0",
                        "#13 eip=10001 fl=10002 err=0",
                        "#13 eip=10002 fl=10002 err=0",
                        "#65 eip=10005 fl=2");
    }

    @Test
    void popfInUserModeLeavesIfAndIoplAlone() {
        lab.user().eflags(0x202).gate(0x41, 0xee);
        lab.handler(0x41, Lab.EXIT).traps("68 01 30 00 00", "9d", "9c", "58", "cd 41");
        assertThat(lab.cpu.reg(Cpu.EAX)).isEqualTo(0x203);
    }

    @Test
    void callGateRaisesPrivilegeAndCopiesParameters() {
        // gate at selector 0x30: to 08:handler(0x50), two dwords of parameters, DPL 3
        int low = (Lab.KERNEL_CS << 16) | Lab.handler(0x50);
        lab.store(0x1000 + 0x30, low);
        lab.store(0x1000 + 0x34, 0xec02);
        // handler: mov %esp,%eax; exit
        lab.handler(0x50, "89 e0 " + Lab.EXIT);
        lab.user().traps("6a 11", "6a 22", "9a 00 00 00 00 33 00");
        int at = lab.cpu.reg(Cpu.EAX);
        assertThat(at).isEqualTo(Lab.KERNEL_STACK - 24);
        assertThat(lab.machine.memory().dword(at)).isEqualTo(Lab.CODE + 11);
        assertThat(lab.machine.memory().dword(at + 8)).isEqualTo(0x22);
        assertThat(lab.machine.memory().dword(at + 12)).isEqualTo(0x11);
        assertThat(lab.machine.memory().dword(at + 16)).isEqualTo(Lab.USER_STACK - 8);
        assertThat(lab.cpu.cpl()).isZero();
    }

    @Test
    void larLslVerwSeeWhatCplMaySee() {
        lab.user().gate(0x41, 0xee);
        lab.handler(0x41, Lab.EXIT);
        // mov $0x10,%ecx; lar %cx,%eax: invisible from CPL 3, ZF=0; mov $0x23,%ecx; lsl %cx,%ebx
        lab.traps("b9 10 00 00 00", "0f 02 c1", "0f 95 c2", "b9 23 00 00 00", "0f 03 d9", "cd 41");
        assertThat(lab.cpu.reg(Cpu.EDX) & 0xff).isEqualTo(1);
        assertThat(lab.cpu.reg(Cpu.EBX)).isEqualTo(-1);
    }

    @Test
    void floatingPointTrapsWhileDisabledAndTranscendentalsEndTheRun() {
        lab.handler(Fault.NM, "0f 06 cf");
        // mov %cr0,%eax; or $8,%al; mov %eax,%cr0; fninit: #NM, CLTS, fninit; fldz; fsin: not implemented
        lab.program("0f 20 c0", "0c 08", "0f 22 c0", "db e3", "d9 ee", "d9 fe");
        RunResult result = lab.run();
        assertThat(lab.traps).containsExactly("#7 eip=10008 fl=10002");
        assertThat(result.reason()).isEqualTo(EndReason.UNSUPPORTED);
        assertThat(result.detail()).contains("d9 fe").contains("0001000c");
    }
}
