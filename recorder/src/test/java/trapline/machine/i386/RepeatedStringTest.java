package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.machine.RunResult;
import trapline.machine.alu.Flags;
import trapline.machine.bus.EndReason;

/** REP MOVS does what its iterations do one by one, however they are done (Intel SDM vol. 2, REP, MOVS). */
class RepeatedStringTest {
    private static final int BYTES = 128;
    private static final int FROM = Lab.DATA + 48;
    private static final int COUNT = 7;

    @Test
    void overlappingMovesCopyElementAfterElement() {
        for (int size = 1; size <= 4; size *= 2) {
            for (int distance = -9; distance <= 9; distance++) {
                for (int direction : new int[] {1, -1}) {
                    assertThat(moved(size, distance, direction))
                            .as(
                                    "%d bytes an element, destination %d bytes above, direction %d",
                                    size, distance, direction)
                            .isEqualTo(expected(size, distance, direction));
                }
            }
        }
    }

    private static byte[] moved(int size, int distance, int direction) {
        Lab lab = new Lab();
        lab.machine.memory().load(Lab.DATA, background());
        // the first store makes the page a writable one in the TLB; then cld or std; rep movs
        String store = "c6 05 00 00 03 00 00";
        String movs = size == 1 ? "f3 a4" : size == 2 ? "66 f3 a5" : "f3 a5";
        lab.program(store, "8a 05 00 00 03 00", direction == 1 ? "fc" : "fd", movs, "fc", Lab.EXIT);
        lab.cpu.setReg(Cpu.ESI, FROM);
        lab.cpu.setReg(Cpu.EDI, FROM + distance);
        lab.cpu.setReg(Cpu.ECX, COUNT);
        lab.run();
        assertThat(lab.cpu.reg(Cpu.ECX)).isZero();
        assertThat(lab.cpu.reg(Cpu.ESI)).isEqualTo(FROM + COUNT * size * direction);
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) lab.machine.memory().byteAt(Lab.DATA + i);
        }
        return bytes;
    }

    private static byte[] background() {
        byte[] bytes = new byte[BYTES];
        for (int i = 1; i < BYTES; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static byte[] expected(int size, int distance, int direction) {
        byte[] bytes = background();
        for (int i = 0; i < COUNT; i++) {
            int from = FROM - Lab.DATA + i * size * direction;
            byte[] element = java.util.Arrays.copyOfRange(bytes, from, from + size);
            System.arraycopy(element, 0, bytes, from + distance, size);
        }
        return bytes;
    }

    /** Stores to a plain page are done many at a time, but for the limit each counts, as it does under TF. */
    @Test
    void aLimitOfIterationsEndsTheRunInTheMidstOfAnInstruction() {
        for (long limit : new long[] {1, 2, 99, 100, 4000, 5000}) {
            Lab lab = stores(0);
            lab.machine.limitRepeats(limit);
            RunResult end = lab.run();
            assertThat(end.reason()).isEqualTo(EndReason.STEP_LIMIT);
            assertThat(end.detail()).isEqualTo(limit + " iterations of repeated instructions");
            assertThat(end.eip()).isEqualTo(Lab.CODE + 7);
            assertThat(lab.cpu.reg(Cpu.ECX)).isEqualTo(10_000 - (int) limit);
            assertThat(lab.cpu.reg(Cpu.EDI)).isEqualTo(Lab.DATA + (int) limit);
            assertThat(lab.machine.memory().byteAt(Lab.DATA + (int) limit - 1)).isEqualTo(0x55);
            assertThat(lab.machine.memory().byteAt(Lab.DATA + (int) limit)).isZero();
            assertThat(lab.machine.step()).isEqualTo(1);
            assertThat(lab.run()).isEqualTo(end);
        }
    }

    @Test
    void theIterationWithWhichAnInstructionEndsDoesNotCount() {
        Lab lab = stores(0);
        lab.machine.limitRepeats(10_000);
        assertThat(lab.run().reason()).isEqualTo(EndReason.EXIT);
        assertThat(lab.cpu.reg(Cpu.ECX)).isZero();
        assertThat(lab.cpu.stops.repeats).isEqualTo(9999);
    }

    @Test
    void aSteppedRepetitionCountsTheSame() {
        Lab lab = stores(Flags.TF);
        lab.machine.limitRepeats(100);
        lab.run();
        assertThat(lab.cpu.reg(Cpu.ECX)).isEqualTo(10_000 - 100);
    }

    /** {@code movb $0,DATA; rep stosb} of 10,000 bytes. */
    private static Lab stores(int eflags) {
        Lab lab = new Lab();
        lab.program("c6 05 00 00 03 00 00", "f3 aa", Lab.EXIT);
        lab.cpu.setReg(Cpu.EAX, 0x55);
        lab.cpu.setReg(Cpu.EDI, Lab.DATA);
        lab.cpu.setReg(Cpu.ECX, 10_000);
        return lab.eflags(eflags);
    }
}
