package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import trapline.machine.RunResult;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.Observation.Entry;
import trapline.machine.tape.Observation.Kind;

/** What the listener is told, and in which order. */
class ObservationTest {
    private final Lab lab = new Lab();

    private List<String> events(Entry entry, String... hex) {
        lab.program(hex);
        lab.observe(new Observation(List.of(entry)));
        lab.run();
        return lab.events;
    }

    @Test
    void everyWriteOfEflagsWithItsCause() {
        // add; popf of the same value; cld; stc; sahf; cli; sti; lea and mov write none
        lab.program("01 d8", "9c", "9d", "fc", "f9", "9e", "fa", "fb", "8d 00", "89 c3", Lab.EXIT);
        lab.cpu.setReg(Cpu.EAX, 1);
        lab.cpu.setReg(Cpu.EBX, 2);
        lab.run();
        assertThat(lab.events)
                .containsExactly(
                        "flags 2->6 cause 0 at 10000 step 0",
                        "flags 6->6 cause 1 at 10003 step 2",
                        "flags 6->6 cause 5 at 10004 step 3",
                        "flags 6->7 cause 6 at 10005 step 4",
                        "flags 7->2 cause 7 at 10006 step 5",
                        "flags 2->2 cause 4 at 10007 step 6",
                        "flags 2->202 cause 4 at 10008 step 7",
                        "ended EXIT");
    }

    @Test
    void shiftByZeroWritesNothing() {
        lab.program("d3 e0", "c1 e0 20", "c1 e0 01", Lab.EXIT);
        lab.cpu.setReg(Cpu.ECX, 32);
        lab.run();
        assertThat(lab.events).hasSize(2).first().asString().endsWith("at 10005 step 2");
    }

    @Test
    void handlerThatSetsTfInItsFrame() {
        // orl $0x100,8(%esp); iret
        lab.handler(Fault.BP, "81 4c 24 08 00 01 00 00 cf");
        lab.program("cc", "90", Lab.EXIT);
        lab.run();
        assertThat(lab.events)
                .containsSubsequence(
                        "trap 3 frame 1 step 0",
                        "flags 2->2 cause 3 at 10000 step 0",
                        "frame 1 2->102",
                        "flags 2->102 cause 2 at 8068 step 2",
                        "iret to 10001 frame 1 step 2",
                        "trap 1 frame 2 step 4");
    }

    @Test
    void memoryOfAClosedFrameIsOrdinaryAgain() {
        // int3; then push three times over the old frame
        lab.program("cc", "6a 01", "6a 02", "6a 03", Lab.EXIT);
        lab.run();
        assertThat(lab.events).noneMatch(e -> e.startsWith("frame"));
    }

    @Test
    void abandonedFrameIsForgotten() {
        // the handler drops its frame and jumps back; pushes reuse the memory
        lab.handler(Fault.BP, "83 c4 0c 68 01 00 01 00 c3");
        lab.program("cc", "6a 01", "6a 02", "6a 03", Lab.EXIT);
        lab.run();
        assertThat(lab.events).noneMatch(e -> e.startsWith("frame"));
    }

    @Test
    void variableChangesOnly() {
        Entry entry = new Entry(Kind.VARIABLE, Lab.DATA, 4, 8, 2, "kprobe_status");
        // movl $1,; movl $1, again; movb $2 into its second byte; movl $7 into element 1; next dword is no element
        assertThat(events(
                        entry,
                        "c7 05 00 00 03 00 01 00 00 00",
                        "c7 05 00 00 03 00 01 00 00 00",
                        "c6 05 01 00 03 00 02",
                        "c7 05 08 00 03 00 07 00 00 00",
                        "c7 05 04 00 03 00 07 00 00 00",
                        Lab.EXIT))
                .containsExactly(
                        "variable 0.0 0->1 at 10000 step 0",
                        "variable 0.0 1->201 at 10014 step 2",
                        "variable 0.1 0->7 at 1001b step 3",
                        "ended EXIT");
    }

    @Test
    void storeIsToldBeforeTheFlagsOfItsInstruction() {
        Entry entry = new Entry(Kind.VARIABLE, Lab.DATA, 4, 0, 1, "count");
        assertThat(events(entry, "ff 05 00 00 03 00", Lab.EXIT))
                .containsExactly(
                        "variable 0.0 0->1 at 10000 step 0", "flags 2->2 cause 0 at 10000 step 0", "ended EXIT");
    }

    @Test
    void aliasOfAVariableCounts() {
        lab.paging();
        lab.store(Lab.PAGE_TABLE + 0x50 * 4, Lab.DATA | 7);
        Entry entry = new Entry(Kind.VARIABLE, Lab.DATA, 4, 0, 1, "v");
        assertThat(events(entry, "c7 05 00 00 05 00 01 00 00 00", Lab.EXIT))
                .contains("variable 0.0 0->1 at 10000 step 0");
    }

    @Test
    void textReadAndWritten() {
        Entry entry = new Entry(Kind.TEXT, Lab.DATA + 2, 2, 0, 1, "probed");
        assertThat(events(
                        entry, "a0 02 00 03 00", "a0 04 00 03 00", "c6 05 03 00 03 00 cc", "a1 00 00 03 00", Lab.EXIT))
                .containsExactly(
                        "read 0 30002/1 = 0", "write 0 30003/1 0->cc by 0", "read 0 30000/4 = cc000000", "ended EXIT");
    }

    @Test
    void textReadAcrossTwoPages() {
        Entry entry = new Entry(Kind.TEXT, Lab.DATA + 0xffe, 4, 0, 1, "probed");
        lab.code(Lab.DATA + 0xffd, "11 22 33 44");
        assertThat(events(entry, "a1 fd 0f 03 00", Lab.EXIT))
                .containsExactly("read 0 30ffe/1 = 22", "read 0 30fff/1 = 33", "read 0 31000/1 = 44", "ended EXIT");
    }

    @Test
    void pokesByNameOfWhoDidIt() {
        lab.program(Lab.EXIT);
        lab.observe(new Observation(List.of(new Entry(Kind.TEXT, Lab.DATA, 4, 0, 1, "probed"))));
        lab.machine.poke(0, Lab.DATA, new byte[] {(byte) 0xcc}, MachineListener.BY_DEBUGGER);
        lab.machine.poke(0, Lab.DATA, new byte[] {(byte) 0x90}, MachineListener.BY_INJECTION);
        assertThat(lab.events)
                .containsExactly("write 0 30000/1 0->cc by 1", "injected 2 30000 1", "write 0 30000/1 cc->90 by 2");
    }

    @Test
    void callsOfFunctionsWithArgumentsAndResult() {
        Entry entry = new Entry(Kind.FUNCTION, Lab.CODE + 0x20, 0, 0, 1, "pre_handler");
        lab.code(Lab.CODE + 0x20, "b8 07 00 00 00 c3");
        lab.cpu.setReg(Cpu.EAX, 1);
        lab.cpu.setReg(Cpu.EDX, 2);
        lab.cpu.setReg(Cpu.ECX, 3);
        assertThat(events(entry, "e8 1b 00 00 00", Lab.EXIT))
                .containsExactly("call 0 (1,2,3) step 1", "exit 0 = 7 step 2", "ended EXIT");
    }

    @Test
    void functionLeftByLongjmpHasNoExit() {
        Entry entry = new Entry(Kind.FUNCTION, Lab.CODE + 0x20, 0, 0, 1, "f");
        // f: add $4,%esp; jmp back; then a plain call and return of something else
        lab.code(Lab.CODE + 0x20, "83 c4 04 eb e0 c3");
        assertThat(events(entry, "e8 1b 00 00 00", "e8 1b 00 00 00", Lab.EXIT))
                .filteredOn(e -> !e.startsWith("flags"))
                .containsExactly("call 0 (2badb002,0,0) step 1", "ended EXIT");
    }

    @Test
    void notesReachTheListener() {
        lab.store(Lab.DATA, 2);
        lab.store(Lab.DATA + 4, Lab.DATA + 16);
        lab.store(Lab.DATA + 8, 0x77);
        lab.code(Lab.DATA + 16, "6c 6f 73 74 00");
        lab.cpu.setReg(Cpu.EAX, Lab.DATA);
        lab.cpu.setReg(Cpu.EDX, 0x540);
        lab.program("ef", Lab.EXIT);
        lab.run();
        assertThat(lab.events).first().isEqualTo("note 2 lost 77");
    }

    @Test
    void stopBeforeAnAddressCountsArrivals() {
        // mov $3,%ecx; nop; loop to the nop
        lab.program("b9 03 00 00 00", "90", "e2 fd", Lab.EXIT);
        lab.machine.stopBefore(Lab.CODE + 5);
        for (int arrival = 0; arrival < 3; arrival++) {
            RunResult result = lab.run();
            assertThat(result.reason()).isEqualTo(EndReason.STOP_ADDRESS);
            assertThat(result.eip()).isEqualTo(Lab.CODE + 5);
            assertThat(result.step()).isEqualTo(1 + 2 * arrival);
        }
        assertThat(lab.run().reason()).isEqualTo(EndReason.EXIT);
    }
}
