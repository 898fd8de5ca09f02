package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three-level paging (Intel SDM vol. 3A §4.4): entries of eight bytes, pages of 4 KiB and 2 MiB. */
class PaePagingTest {
    private static final int POINTERS = 0x7_0020;
    private static final int DIRECTORY = 0x7_1000;
    private static final int TABLE = 0x7_2000;

    /** mov $POINTERS,%eax; mov %eax,%cr3; mov %cr4,%eax; or $0x20,%eax; mov %eax,%cr4; then paging on. */
    private static final String[] PAE_ON = {
        "b8 20 00 07 00", "0f 20 e1 83 c9 20", "0f 22 e1", "0f 22 d8", "0f 20 c0 0d 00 00 01 80", "0f 22 c0"
    };

    private final Lab lab = new Lab();

    @BeforeEach
    void tables() {
        store(POINTERS, DIRECTORY | 1);
        store(DIRECTORY, TABLE | 7);
        for (int page = 0; page < 512; page++) {
            store(TABLE + 8 * page, page << 12 | 7);
        }
    }

    private void store(int at, long entry) {
        lab.store(at, (int) entry);
        lab.store(at + 4, (int) (entry >>> 32));
    }

    private String[] program(String... more) {
        String[] all = java.util.Arrays.copyOf(PAE_ON, PAE_ON.length + more.length + 1);
        System.arraycopy(more, 0, all, PAE_ON.length, more.length);
        all[all.length - 1] = Lab.EXIT;
        return all;
    }

    @Test
    void smallPagesAreMapped() {
        store(TABLE + 8 * 0x31, 0x3_0000 | 7);
        lab.store(Lab.DATA + 8, 0x5555);
        assertThat(lab.traps(program("a1 08 10 03 00", "a3 0c 10 03 00"))).isEmpty();
        assertThat(lab.machine.memory().dword(Lab.DATA + 12)).isEqualTo(0x5555);
        assertThat(lab.machine.memory().dword(TABLE + 8 * 0x31) & 0xfff).isEqualTo(0x67);
    }

    @Test
    void largePagesAreOfTwoMebibytes() {
        store(DIRECTORY + 8 * 3, 0x83);
        lab.store(Lab.DATA, 0x5555);
        assertThat(lab.traps(program("a1 00 00 63 00"))).isEmpty();
        assertThat(lab.cpu.reg(Cpu.EAX)).isEqualTo(0x5555);
    }

    @Test
    void whatIsNotPresentFaultsAtEachLevel() {
        store(TABLE + 8 * 0x30, 0);
        lab.handler(Fault.PF, "83 44 24 04 05 83 c4 04 cf");
        assertThat(lab.traps(program("a1 04 00 03 00", "a1 00 00 20 00", "a3 00 00 00 40")))
                .extracting(trap -> trap.replaceAll("eip=\\w+ fl=\\w+ ", ""))
                .containsExactly("#14 err=0 cr2=30004", "#14 err=0 cr2=200000", "#14 err=2 cr2=40000000");
    }

    @Test
    void reservedBitsOfAnEntryFault() {
        store(TABLE + 8 * 0x30, 1L << 63 | 0x3_0007);
        lab.handler(Fault.PF, "83 44 24 04 05 83 c4 04 cf");
        assertThat(lab.traps(program("a1 00 00 03 00")))
                .extracting(trap -> trap.replaceAll("eip=\\w+ fl=\\w+ ", ""))
                .containsExactly("#14 err=9 cr2=30000");
    }

    @Test
    void pointersAreHeldUntilCr3IsLoaded() {
        // movl $0,POINTERS; invlpg DATA; mov DATA,%ebx; and with CR3 loaded again nothing is mapped
        lab.store(Lab.DATA, 0x5555);
        lab.traps(program("c7 05 20 00 07 00 00 00 00 00", "0f 01 3d 00 00 03 00", "8b 1d 00 00 03 00"));
        assertThat(lab.cpu.reg(Cpu.EBX)).isEqualTo(0x5555);
    }

    @Test
    void pointersWithReservedBitsAreNotTaken() {
        store(POINTERS + 8, 0x1e7);
        // #GP at the MOV to CR0 that turns paging on; the handler ends the run with paging off
        lab.handler(Fault.GP, Lab.EXIT);
        assertThat(lab.traps(program("a1 00 00 03 00")))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("#13");
        assertThat(lab.cpu.cr0).isNotNegative();
    }
}
