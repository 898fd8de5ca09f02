package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;

/** Interrupts, NMI and their shadows; which of several simultaneous events comes first (Intel SDM vol. 3A table 6-2). */
class EventPriorityTest {
    private final Lab lab = new Lab();

    @Test
    void stiHoldsInterruptsForOneInstruction() {
        lab.machine.raiseIrq(0, 0x30);
        assertThat(lab.traps("fb", "90", "90", Lab.EXIT)).containsExactly("#48 eip=10002 fl=202 injected");
    }

    @Test
    void stiWithIfAlreadySetHoldsNothing() {
        lab.program("fb", "90", Lab.EXIT).eflags(0x202);
        lab.machine.stopBefore(Lab.CODE);
        lab.run();
        lab.machine.clearStop(Lab.CODE);
        lab.machine.run(Scheduler.roundRobin(1), 1);
        lab.machine.raiseIrq(0, 0x30);
        lab.run();
        assertThat(lab.traps).containsExactly("#48 eip=10001 fl=202 injected");
    }

    @Test
    void stiDoesNotHoldNmi() {
        lab.program("fb", "90", Lab.EXIT);
        lab.machine.run(Scheduler.roundRobin(1), 1);
        lab.machine.raiseNmi(0);
        lab.run();
        assertThat(lab.traps).containsExactly("#2 eip=10001 fl=202 injected");
    }

    @Test
    void movSsHoldsNmiAndInterrupts() {
        lab.cpu.setReg(Cpu.EAX, Lab.KERNEL_DS);
        lab.program("8e d0", "90", "90", Lab.EXIT).eflags(0x202);
        lab.machine.run(Scheduler.roundRobin(1), 1);
        lab.machine.raiseNmi(0);
        lab.machine.raiseIrq(0, 0x30);
        lab.run();
        assertThat(lab.traps).containsExactly("#2 eip=10003 fl=202 injected", "#48 eip=10003 fl=202 injected");
    }

    @Test
    void debugTrapThenNmiThenInterruptAtOneBoundary() {
        lab.program("90", "90", Lab.EXIT).eflags(0x302);
        lab.machine.run(Scheduler.roundRobin(1), 1);
        lab.machine.raiseIrq(0, 0x30);
        lab.machine.raiseNmi(0);
        lab.run();
        assertThat(lab.traps)
                .startsWith(
                        "#1 eip=10001 fl=302 dr6=4000", "#2 eip=8020 fl=2 injected", "#48 eip=10001 fl=302 injected");
    }

    @Test
    void interruptBeforeTheSteppedInstruction() {
        lab.program("90", Lab.EXIT).eflags(0x302);
        lab.machine.raiseIrq(0, 0x30);
        lab.run();
        assertThat(lab.traps).containsExactly("#48 eip=10000 fl=302 injected", "#1 eip=10001 fl=302 dr6=4000");
    }

    @Test
    void nmiIsBlockedUntilIret() {
        lab.handler(Fault.NMI, "90 90 cf").program("90", Lab.EXIT);
        lab.machine.raiseNmi(0);
        lab.machine.stopBefore(Lab.handler(Fault.NMI) + 1);
        assertThat(lab.run().reason()).isEqualTo(EndReason.STOP_ADDRESS);
        lab.machine.raiseNmi(0);
        assertThat(lab.run().reason()).isEqualTo(EndReason.STOP_ADDRESS);
        lab.run();
        assertThat(lab.traps).containsExactly("#2 eip=10000 fl=2 injected", "#2 eip=10000 fl=2 injected");
    }

    @Test
    void faultingIretUnblocksNmi() {
        // in the NMI handler: an IRET to a null CS faults with #GP; its handler gets the second NMI
        lab.handler(Fault.NMI, "6a 02 6a 00 6a 00 cf")
                .handler(Fault.GP, "90 " + Lab.EXIT)
                .program("90");
        lab.machine.raiseNmi(0);
        lab.machine.stopBefore(Lab.handler(Fault.NMI) + 6);
        lab.run();
        lab.machine.raiseNmi(0);
        lab.run();
        assertThat(lab.traps)
                .containsExactly(
                        "#2 eip=10000 fl=2 injected", "#13 eip=8046 fl=10002 err=0", "#2 eip=81a0 fl=2 injected");
    }

    @Test
    void interruptWakesHlt() {
        lab.program("fb f4", Lab.EXIT);
        lab.machine.raiseIrq(0, 0x31);
        assertThat(lab.run().reason()).isEqualTo(EndReason.EXIT);
        assertThat(lab.traps).containsExactly("#49 eip=10002 fl=202 injected");
    }

    @Test
    void hltWithInterruptsOffEndsTheRun() {
        lab.program("f4");
        assertThat(lab.run().reason()).isEqualTo(EndReason.HALTED);
    }

    @Test
    void trapGateLeavesIfAlone() {
        lab.gate(0x40, 0x8f);
        lab.handler(0x40, "9c 58 cf");
        lab.eflags(0x202).traps("cd 40", Lab.EXIT);
        assertThat(lab.cpu.reg(Cpu.EAX)).isEqualTo(0x202);
    }

    @Test
    void doubleFaultWhenGpCannotBeDelivered() {
        lab.gate(Fault.GP, 0);
        lab.handler(Fault.DF, Lab.EXIT);
        // mov %ax,%ds with a selector outside the table
        assertThat(lab.traps("66 b8 f8 0f", "8e d8")).containsExactly("#8 eip=10004 fl=10002 err=0");
    }

    @Test
    void tripleFaultEndsTheRun() {
        lab.cpu.tables.idtLimit = 0;
        lab.program("0f 0b");
        assertThat(lab.run().reason()).isEqualTo(EndReason.TRIPLE_FAULT);
    }

    @Test
    void noStackLeftIsTheEnd() {
        lab.paging().pageEntry(Lab.STACK - 4, 0);
        lab.program("cc");
        assertThat(lab.run().reason()).as("#PF for the #BP, #DF for the #PF").isEqualTo(EndReason.TRIPLE_FAULT);
    }
}
