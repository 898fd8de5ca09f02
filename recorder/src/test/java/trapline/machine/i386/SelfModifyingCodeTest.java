package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.MachineListener;

/** Stores to code take effect at once, also in the block that is being executed (Intel SDM vol. 3A §8.1.3). */
class SelfModifyingCodeTest {
    private final Lab lab = new Lab();

    @Test
    void nextInstructionOfTheSameBlock() {
        // movb $0x43,0x10007 (inc %ebx instead of the nop that follows); nop
        lab.cpu.setReg(Cpu.EBX, 5);
        lab.program("c6 05 07 00 01 00 43", "90", Lab.EXIT);
        lab.run();
        assertThat(lab.cpu.reg(Cpu.EBX)).isEqualTo(6);
    }

    @Test
    void int3PokedIntoALoopAndTakenOut() {
        // handler: movb $0x90 over the int3, store its address back, iret
        lab.handler(Fault.BP, "c6 05 05 00 01 00 90 ff 0c 24 cf");
        // mov $4,%ecx; nop; cmp $2,%cl; jne +7; movb $0xcc,nop; loop
        lab.program("b9 04 00 00 00", "90", "80 f9 02", "75 07", "c6 05 05 00 01 00 cc", "e2 f1", Lab.EXIT);
        lab.run();
        assertThat(lab.traps).containsExactly("#3 eip=10006 fl=46");
    }

    @Test
    void pokeFromOutside() {
        lab.program("b9 64 00 00 00", "90", "e2 fd", Lab.EXIT);
        lab.machine.run(Scheduler.roundRobin(10), 20);
        lab.machine.poke(0, Lab.CODE + 5, new byte[] {(byte) 0xcc}, MachineListener.BY_DEBUGGER);
        lab.handler(Fault.BP, Lab.EXIT);
        lab.run();
        assertThat(lab.traps).hasSize(1);
    }

    @Test
    void instructionAcrossTwoPagesIsForgottenByAStoreToTheSecond() {
        // at 0x10ffe: mov $imm,%eax crosses; run it, change its last byte, run it again
        lab.code(0x1_0ffe, "b8 11 00 00 00 c3");
        lab.program("e8 f9 0f 00 00", "89 c3", "c6 05 02 10 01 00 22", "e8 eb 0f 00 00", Lab.EXIT);
        lab.run();
        assertThat(lab.cpu.reg(Cpu.EBX)).isEqualTo(0x11);
        assertThat(lab.cpu.reg(Cpu.EAX)).isEqualTo(0x2200_0011);
    }

    @Test
    void anotherCpuSeesIt() {
        Lab two = new Lab(2);
        two.code(0x7000, "f4");
        two.program("c7 05 00 03 e0 fe 00 45 0c 00", "c6 05 00 70 00 00 f4", Lab.EXIT);
        assertThat(two.run().reason()).isEqualTo(EndReason.EXIT);
    }

    @Test
    void whatFollowsARepOverDecodedCodeIsExecutedOnce() {
        // two functions that have run; rep movsb over both, then pop %ss, which wants a look at the boundary behind it
        lab.code(0x1_1000, "90 c3").code(0x1_1020, "90 c3");
        lab.code(Lab.DATA, "90 c3").code(Lab.DATA + 0x20, "90 c3");
        String callBoth = "e8 fb 0f 00 00 e8 16 10 00 00";
        String copy = "be 00 00 03 00 bf 00 10 01 00 b9 40 00 00 00 fc";
        // push %ss twice; mov %esp,%ebx; rep movsb; pop %ss; nop; sub %esp,%ebx
        lab.program(callBoth, copy, "16 16 89 e3", "f3 a4", "17 90", "29 e3", Lab.EXIT);
        lab.run();
        assertThat(lab.cpu.reg(Cpu.EBX)).isEqualTo(-4);
    }
}
