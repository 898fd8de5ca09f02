package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.machine.alu.Flags;

/** TF and the #DB after the instruction (Intel SDM vol. 3B §18.3.1.4; vol. 3A §6.8, §6.9). */
class SingleStepTest {
    private static final int TF = 0x102;
    private final Lab lab = new Lab();

    @Test
    void trapsAfterEachInstructionWithTfPushed() {
        assertThat(lab.eflags(TF).traps("90", "90", Lab.EXIT))
                .containsExactly("#1 eip=10001 fl=102 dr6=4000", "#1 eip=10002 fl=102 dr6=4000");
    }

    @Test
    void popfThatClearsTfStillTraps() {
        assertThat(lab.eflags(TF).traps("6a 02", "9d", "90", Lab.EXIT))
                .containsExactly("#1 eip=10002 fl=102 dr6=4000", "#1 eip=10003 fl=2 dr6=4000");
    }

    @Test
    void popfThatSetsTfTrapsAfterTheNextInstruction() {
        assertThat(lab.traps("68 02 01 00 00", "9d", "90", Lab.EXIT)).containsExactly("#1 eip=10007 fl=102 dr6=4000");
    }

    @Test
    void iretThatSetsTfTrapsAfterTheInstructionItReturnsTo() {
        // push $0x102; push $8; push $0x1000d; iret; nop
        assertThat(lab.traps("68 02 01 00 00", "6a 08", "68 0d 00 01 00", "cf", "90", Lab.EXIT))
                .containsExactly("#1 eip=1000e fl=102 dr6=4000");
    }

    @Test
    void iretThatClearsTfStillTraps() {
        lab.store(Lab.STACK - 12, 0x1_0002);
        lab.store(Lab.STACK - 8, 8);
        lab.store(Lab.STACK - 4, 2);
        lab.cpu.setReg(Cpu.ESP, Lab.STACK - 12);
        assertThat(lab.eflags(TF).traps("cf", "90", "90", Lab.EXIT)).containsExactly("#1 eip=10002 fl=2 dr6=4000");
    }

    @Test
    void int3ClearsTfInItsHandlerAndPushesItSet() {
        assertThat(lab.eflags(TF).traps("cc", "90", Lab.EXIT))
                .containsExactly("#3 eip=10001 fl=102", "#1 eip=10002 fl=102 dr6=4000");
    }

    @Test
    void intNAndIntoBehaveAsInt3() {
        assertThat(lab.eflags(TF | Flags.OF).traps("cd 20", "ce", Lab.EXIT))
                .containsExactly("#32 eip=10002 fl=902", "#4 eip=10003 fl=902");
    }

    @Test
    void intoThatIsNotTakenIsAnOrdinaryInstruction() {
        assertThat(lab.eflags(TF).traps("ce", Lab.EXIT)).containsExactly("#1 eip=10001 fl=102 dr6=4000");
    }

    @Test
    void icebpIsDebugTrapWithoutBs() {
        assertThat(lab.eflags(TF).traps("f1", "90", Lab.EXIT))
                .containsExactly("#1 eip=10001 fl=102 dr6=0", "#1 eip=10002 fl=102 dr6=4000");
    }

    @Test
    void faultPushesTfAndRfAndNoDebugTrap() {
        // the handler skips the UD2: addl $2,(%esp); iret
        lab.handler(Fault.UD, "83 04 24 02 cf");
        assertThat(lab.eflags(TF).traps("0f 0b", "90", Lab.EXIT))
                .containsExactly("#6 eip=10000 fl=10102", "#1 eip=10003 fl=102 dr6=4000");
    }

    @Test
    void repTrapsAfterEachIterationWithRfUntilTheLast() {
        lab.cpu.setReg(Cpu.ECX, 3);
        lab.cpu.setReg(Cpu.EDI, Lab.DATA);
        assertThat(lab.eflags(TF).traps("f3 aa", Lab.EXIT))
                .containsExactly(
                        "#1 eip=10000 fl=10102 dr6=4000",
                        "#1 eip=10000 fl=10102 dr6=4000",
                        "#1 eip=10002 fl=102 dr6=4000");
        assertThat(lab.cpu.icount()).as("the REP retired once, each IRET too").isEqualTo(1 + 3);
    }

    @Test
    void movSsDefersToTheNextInstruction() {
        lab.cpu.setReg(Cpu.EAX, Lab.KERNEL_DS);
        assertThat(lab.eflags(TF).traps("8e d0", "90", "90", Lab.EXIT))
                .containsExactly("#1 eip=10003 fl=102 dr6=4000", "#1 eip=10004 fl=102 dr6=4000");
    }

    @Test
    void secondMovSsInARowIsShadowedTooAsOnHardware() {
        lab.cpu.setReg(Cpu.EAX, Lab.KERNEL_DS);
        assertThat(lab.eflags(TF).traps("8e d0", "8e d0", "90", Lab.EXIT))
                .containsExactly("#1 eip=10005 fl=102 dr6=4000");
    }

    @Test
    void popSsDefersAsMovSs() {
        assertThat(lab.eflags(TF).traps("6a 10", "17", "90", Lab.EXIT))
                .containsExactly("#1 eip=10002 fl=102 dr6=4000", "#1 eip=10004 fl=102 dr6=4000");
    }

    @Test
    void hltIsLeftByItsDebugTrap() {
        assertThat(lab.eflags(TF).traps("f4", Lab.EXIT)).containsExactly("#1 eip=10001 fl=102 dr6=4000");
    }

    @Test
    void bsIsStickyInDr6() {
        lab.eflags(TF).traps("90", "f1", Lab.EXIT);
        assertThat(lab.traps).containsExactly("#1 eip=10001 fl=102 dr6=4000", "#1 eip=10002 fl=102 dr6=4000");
    }

    @Test
    void stepsIntoAHandlerThatSetsTfItself() {
        // handler of int3: push $0x102; popf; nop; mov $2,(%esp+8)...: TF set inside, cleared by IRET's image
        lab.handler(Fault.BP, "68 02 01 00 00 9d 90 cf");
        assertThat(lab.traps("cc", "90", Lab.EXIT))
                .containsExactly("#3 eip=10001 fl=2", "#1 eip=8067 fl=102 dr6=4000", "#1 eip=10001 fl=2 dr6=4000");
    }

    @Test
    void taggedStepsFollowTheRules() {
        lab.eflags(TF).traps("90", Lab.EXIT);
        assertThat(lab.events)
                .startsWith("trap 1 frame 1 step 1", "flags 102->2 cause 3 at 10000 step 1")
                .contains("flags 2->102 cause 2 at 8020 step 1", "iret to 10001 frame 1 step 1");
    }
}
