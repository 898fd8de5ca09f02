package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;

/** Start-up by INIT and SIPI, IPIs, LOCK, scheduling (Intel SDM vol. 3A §9.4, chapter 11). */
class MultiprocessorTest {
    private static final String ICR_LOW = "00 03 e0 fe";
    private static final int TRAMPOLINE = 0x7000;
    private final Lab lab = new Lab(2);

    private static String sendToAllOthers(String commandLow) {
        // movl $command,ICR
        return "c7 05 " + ICR_LOW + " " + commandLow;
    }

    @Test
    void applicationProcessorStartsInRealModeAtTheVector() {
        // 16 bits: mov $0x1234,%ax; mov %ax,%cs:0x100; hlt
        lab.code(TRAMPOLINE, "b8 34 12 2e a3 00 01 f4");
        lab.program(
                sendToAllOthers("00 45 0c 00"),
                sendToAllOthers("07 46 0c 00"),
                // wait: cmpw $0x1234,0x7100; jne wait
                "66 81 3d 00 71 00 00 34 12",
                "75 f5",
                Lab.EXIT);
        assertThat(lab.machine.cpu(1).isStarted()).isFalse();
        assertThat(lab.run().reason()).isEqualTo(EndReason.EXIT);
        assertThat(lab.machine.cpu(1).isStarted()).isTrue();
        assertThat(lab.machine.cpu(1).isHalted()).isTrue();
        assertThat(lab.machine.cpu(1).segmentBase(Cpu.CS)).isEqualTo(TRAMPOLINE);
    }

    @Test
    void applicationProcessorEntersProtectedMode() {
        // lgdtl %cs:0x40; mov %cr0,%eax; or $1,%al; mov %eax,%cr0; ljmpl $8,$0x9000
        lab.code(TRAMPOLINE, "2e 66 0f 01 16 40 00 0f 20 c0 0c 01 0f 22 c0 66 ea 00 f0 00 00 08 00");
        lab.code(TRAMPOLINE + 0x40, "7f 00 00 10 00 00");
        // reads the APIC id: mov $0x10,%ax; mov %ax,%ds; mov 0xfee00020,%eax; mov %eax,0x30000; hlt
        lab.code(0xf000, "66 b8 10 00 8e d8 a1 20 00 e0 fe a3 00 00 03 00 f4");
        lab.program(
                sendToAllOthers("00 45 0c 00"),
                sendToAllOthers("07 46 0c 00"),
                "83 3d 00 00 03 00 00",
                "74 f7",
                Lab.EXIT);
        assertThat(lab.run().reason()).isEqualTo(EndReason.EXIT);
        assertThat(lab.machine.memory().dword(Lab.DATA)).isEqualTo(1 << 24);
    }

    @Test
    void fixedInterruptToSelfNeedsTheApicEnabledAndEoi() {
        // enable (SVR), send vector 0x50 to self twice with IF=1; no EOI in the handler: the second stays pending
        lab.program(
                "c7 05 f0 00 e0 fe ff 01 00 00",
                "fb",
                "90",
                "c7 05 " + ICR_LOW + " 50 00 04 00",
                "c7 05 " + ICR_LOW + " 50 00 04 00",
                "90",
                "c7 05 b0 00 e0 fe 00 00 00 00",
                "90",
                Lab.EXIT);
        lab.run();
        assertThat(lab.traps).containsExactly("#80 eip=10016 fl=202 external", "#80 eip=1002b fl=202 external");
    }

    @Test
    void nmiIpiReachesTheOtherCpuOnly() {
        lab.code(TRAMPOLINE, "f4 f4");
        lab.program(
                sendToAllOthers("00 45 0c 00"),
                sendToAllOthers("07 46 0c 00"),
                "b9 00 01 00 00",
                "e2 fe",
                sendToAllOthers("00 44 0c 00"),
                "b9 00 01 00 00",
                "e2 fe",
                Lab.EXIT);
        // in real mode vector 2 comes from address 8: point it to the trampoline's second HLT
        lab.store(8, TRAMPOLINE + 1);
        lab.run();
        assertThat(lab.traps).hasSize(1).first().asString().startsWith("#2 eip=1 ");
        assertThat(lab.machine.cpu(1).eip()).isEqualTo(TRAMPOLINE + 2);
    }

    @Test
    void everyInterleavingOfLockedIncrementsAddsUp() {
        // both CPUs: mov $100,%ecx; l: lock incl 0x30000; loop l; then CPU 1 halts, CPU 0 waits for 200
        lab.code(TRAMPOLINE, "b9 64 00 b8 00 30 8e d8 f0 66 ff 06 00 00 e2 f8 f4");
        lab.program(
                sendToAllOthers("00 45 0c 00"),
                sendToAllOthers("07 46 0c 00"),
                "b9 64 00 00 00",
                "f0 ff 05 00 00 03 00",
                "e2 f7",
                "81 3d 00 00 03 00 c8 00 00 00",
                "75 f4",
                Lab.EXIT);
        RunResult result = lab.machine.run(Scheduler.roundRobin(3), 10_000);
        assertThat(result.reason()).isEqualTo(EndReason.EXIT);
        assertThat(lab.machine.memory().dword(Lab.DATA)).isEqualTo(200);
    }
}
