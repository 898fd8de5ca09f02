package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;

/** Two-level paging (Intel SDM vol. 3A §4.3, §4.6–4.8, §4.10) and memory that is not there. */
class PagingTest {
    private final Lab lab = new Lab().paging();

    private void skipOnPageFault(int bytes) {
        // addl $n,4(%esp); add $4,%esp; iret
        lab.handler(Fault.PF, String.format("83 44 24 04 %02x 83 c4 04 cf", bytes));
    }

    @Test
    void notPresentReadAndWrite() {
        lab.pageEntry(Lab.DATA, 0);
        skipOnPageFault(5);
        assertThat(lab.traps("a1 04 00 03 00", "a3 08 00 03 00", Lab.EXIT))
                .containsExactly("#14 eip=10000 fl=10002 err=0 cr2=30004", "#14 eip=10005 fl=10002 err=2 cr2=30008");
    }

    @Test
    void readOnlyPageAndWriteProtect() {
        lab.pageEntry(Lab.DATA, 5);
        skipOnPageFault(6);
        // incl 0x30000 is reported as a write; then the same without CR0.WP
        String inc = "ff 05 00 00 03 00";
        String clearWp = "0f 20 c0 25 ff ff fe ff 0f 22 c0";
        assertThat(lab.traps(inc, clearWp, inc, Lab.EXIT)).containsExactly("#14 eip=10000 fl=10002 err=3 cr2=30000");
        assertThat(lab.machine.memory().dword(Lab.DATA)).isEqualTo(1);
    }

    @Test
    void userMayNotTouchSupervisorPages() {
        lab.pageEntry(Lab.DATA, 3);
        lab.user();
        lab.handler(Fault.PF, Lab.EXIT);
        assertThat(lab.traps("a1 00 00 03 00")).containsExactly("#14 eip=10000 fl=10002 err=5 cr2=30000");
    }

    @Test
    void accessedAndDirtyBits() {
        lab.pageEntry(Lab.DATA, 7);
        lab.program("a1 00 00 03 00", "a3 00 00 03 00", Lab.EXIT);
        lab.machine.run(Scheduler.roundRobin(1), 1);
        int entry = Lab.PAGE_TABLE + (Lab.DATA >>> 12) * 4;
        assertThat(lab.machine.memory().dword(entry) & 0xfff).isEqualTo(0x27);
        lab.run();
        assertThat(lab.machine.memory().dword(entry) & 0xfff).isEqualTo(0x67);
    }

    @Test
    void staleTranslationLivesUntilInvlpg() {
        lab.store(0x5_0000, 0x5555);
        // mov 0x30000,%eax; movl $0x50007,PTE; mov 0x30000,%ebx; invlpg 0x30000; mov 0x30000,%ecx
        lab.traps(
                "a1 00 00 03 00",
                "c7 05 c0 10 04 00 07 00 05 00",
                "8b 1d 00 00 03 00",
                "0f 01 3d 00 00 03 00",
                "8b 0d 00 00 03 00",
                Lab.EXIT);
        assertThat(lab.cpu.reg(Cpu.EBX)).isZero();
        assertThat(lab.cpu.reg(Cpu.ECX)).isEqualTo(0x5555);
    }

    @Test
    void invlpgDropsAllOfALargePage() {
        lab.store(Lab.PAGE_DIRECTORY + 4, 0x83);
        lab.store(Lab.DATA, 0x5555);
        lab.cpu.cr4 |= Cpu.CR4_PSE;
        lab.cpu.pagingChanged();
        lab.handler(Fault.PF, Lab.EXIT);
        // mov 0x430000,%eax; movl $0,PDE; mov 0x430000,%ebx; invlpg 0x400000; mov 0x430000,%ecx
        assertThat(lab.traps(
                        "a1 00 00 43 00",
                        "c7 05 04 00 04 00 00 00 00 00",
                        "8b 1d 00 00 43 00",
                        "0f 01 3d 00 00 40 00",
                        "8b 0d 00 00 43 00",
                        Lab.EXIT))
                .containsExactly("#14 eip=1001c fl=10002 err=0 cr2=430000");
        assertThat(lab.cpu.reg(Cpu.EBX)).isEqualTo(0x5555);
    }

    @Test
    void storeAcrossPagesChecksBothFirst() {
        lab.pageEntry(Lab.DATA + 0x1000, 5);
        lab.cpu.setReg(Cpu.EAX, -1);
        skipOnPageFault(5);
        assertThat(lab.traps("a3 fe 0f 03 00", Lab.EXIT)).containsExactly("#14 eip=10000 fl=10002 err=3 cr2=31000");
        assertThat(lab.machine.memory().dword(Lab.DATA + 0xffc)).isZero();
    }

    @Test
    void instructionAcrossPagesFaultsAtItsSecondPage() {
        lab.pageEntry(0x6_1000, 0);
        lab.code(0x6_0ffe, "b8 01");
        lab.handler(Fault.PF, Lab.EXIT);
        assertThat(lab.traps("e9 f9 0f 05 00")).containsExactly("#14 eip=60ffe fl=10002 err=0 cr2=61000");
    }

    @Test
    void hiddenPageComesBackAfterItsFaults() {
        lab.machine.hidePage(Lab.DATA, 2);
        lab.handler(Fault.PF, "83 c4 04 cf");
        assertThat(lab.traps("a1 04 00 03 00", Lab.EXIT))
                .containsExactly(
                        "#14 eip=10000 fl=10002 err=0 cr2=30004 injected",
                        "#14 eip=10000 fl=10002 err=0 cr2=30004 injected");
    }

    @Test
    void memoryThatIsNotThereReadsAsOnesAndCannotBeExecuted() {
        Lab flat = new Lab();
        flat.program("c7 05 00 00 00 80 00 00 00 00", "a1 00 00 00 80", "ff e0");
        RunResult result = flat.run();
        assertThat(flat.cpu.reg(Cpu.EAX)).isEqualTo(-1);
        assertThat(result.reason()).isEqualTo(EndReason.NO_CODE);
        assertThat(result.detail()).contains("ffffffff");
    }

    @Test
    void faultsForEverEndTheRun() {
        Lab flat = new Lab();
        flat.handler(Fault.UD, "0f 0b").program("0f 0b");
        flat.cpu.setReg(Cpu.ESP, 0xf000_0000);
        RunResult result = flat.run();
        assertThat(result.reason()).isEqualTo(EndReason.UNSUPPORTED);
        assertThat(result.detail()).contains("trap 6").contains("no instruction retires");
    }
}
