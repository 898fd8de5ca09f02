package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import trapline.machine.Machine;
import trapline.machine.Scheduler;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.TapeReader;

/** What a listener is told of traps whose frame is not the usual three dwords: in a TSS, or of words. */
class TaskFrameTest {
    private static final int GDT = 0x2000;
    private static final int IDT = 0x3000;
    private static final int OLD_TSS = 0x4000;
    private static final int NEW_TSS = 0x5000;
    private static final int CODE = 0x10_0000;
    private static final int HANDLER = 0x10_0100;

    private final Machine machine = new Machine(2 << 20, 1);
    private final List<String> told = new ArrayList<>();

    private void load(int address, int... dwords) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * dwords.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int dword : dwords) {
            bytes.putInt(dword);
        }
        machine.memory().load(address, bytes.array());
    }

    private void code(int address, int... bytes) {
        byte[] code = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            code[i] = (byte) bytes[i];
        }
        machine.memory().load(address, code);
    }

    /** LGDT, LIDT, LTR, then INT 40 and an exit; the handler changes the saved TF and returns. */
    private void run(int gateLow, int gateHigh) {
        load(GDT, 0, 0, 0xffff, 0x00cf_9b00, 0xffff, 0x00cf_9300);
        load(GDT + 0x18, 0x67 | OLD_TSS << 16, 0x8900, 0x67 | NEW_TSS << 16, 0x8900);
        load(IDT + 8 * 0x40, gateLow, gateHigh);
        load(0x1000, 0x27 | GDT << 16, 0, 0x7ff | IDT << 16, 0);
        load(NEW_TSS + 0x20, HANDLER, 2, 0, 0, 0, 0, 0x9000, 0, 0, 0, 0x10, 8, 0x10, 0x10, 0, 0);
        int[] start = {
            0x0f, 0x01, 0x15, 0x00, 0x10, 0, 0, // lgdt 1000
            0x0f, 0x01, 0x1d, 0x08, 0x10, 0, 0, // lidt 1008
            0xb8, 0x18, 0, 0, 0, 0x0f, 0x00, 0xd8, // ltr 18
            0xbc, 0, 0xa0, 0, 0, // esp = a000
            0xcd, 0x40, 0xf4
        };
        code(CODE, start);
        machine.startMultiboot(CODE, 0);
        machine.observe(new Listener(), Observation.NONE);
        machine.run(Scheduler.roundRobin(1000), 1000);
    }

    private final class Listener implements MachineListener {
        @Override
        public void happened(TapeReader row) {
            switch (row.row()) {
                case TRAP_ENTRY ->
                    told.add(String.format(
                            "trap %x eip=%x fl=%x esp=%x frame=%d",
                            row.value("vector"),
                            row.value("ip"),
                            row.value("eflags"),
                            row.value("esp"),
                            row.value("frame")));
                case TRAP_EXIT ->
                    told.add(String.format(
                            "iret eip=%x fl=%x esp=%x frame=%d",
                            row.value("ip"), row.value("eflags"), row.value("esp"), row.value("frame")));
                case EFLAGS_WRITE -> {
                    if (row.value("cause") == CAUSE_FRAME) {
                        told.add(String.format(
                                "write %x>%x frame=%d",
                                row.value("old") & 0xffff, row.value("new") & 0xffff, row.value("frame")));
                    }
                }
                default -> {}
            }
        }
    }

    @Test
    void theFrameOfATaskGateIsTheOldTss() {
        code(HANDLER, 0x81, 0x0d, 0x24, 0x40, 0, 0, 0, 2, 0, 0, 0xcf); // orl $200, 4024; iret
        run(0x20 << 16, 0x8500);
        assertThat(told)
                .containsExactly(
                        "trap 40 eip=10001d fl=2 esp=a000 frame=1",
                        "write 2>202 frame=1",
                        "iret eip=10001d fl=202 esp=a000 frame=1");
        assertThat(machine.cpu(0).eip()).isEqualTo(CODE + 0x1e);
    }

    @Test
    void theFrameOfA16BitGateHasFlagsAfterTwoWords() {
        code(0x8100, 0x66, 0x81, 0x4c, 0x24, 0x04, 0, 2, 0x66, 0xcf); // orw $200, 4(%esp); iretw
        run(8 << 16 | 0x8100, 0x8600);
        assertThat(told)
                .startsWith("trap 40 eip=10001d fl=2 esp=a000 frame=1", "write 2>202 frame=1")
                .anyMatch(line -> line.startsWith("iret eip=1d fl=202 esp=a000 frame=1"));
    }
}
