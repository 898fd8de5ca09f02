package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One table feeds decoder, execution and disassembler: it has a row for everything, and each row once. */
class InstructionTableTest {
    private static final Set<Integer> PREFIXES =
            Set.of(0x0f, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3);

    @Test
    void everyOpcodeHasARow() {
        List<String> without = new ArrayList<>();
        for (int opcode = 0; opcode < 256; opcode++) {
            for (int field = 0; field < 8; field++) {
                if (!PREFIXES.contains(opcode)) {
                    check(without, opcode, field << 3);
                }
                check(without, 0x0f, opcode, field << 3);
            }
        }
        assertThat(without).isEmpty();
    }

    private static void check(List<String> without, int... opcode) {
        byte[] bytes = new byte[15];
        for (int i = 0; i < opcode.length; i++) {
            bytes[i] = (byte) opcode[i];
        }
        Decoded found = new Decoder().parse(bytes, bytes.length, 0, true, true);
        if (found == null || found.row == Row.NONE) {
            without.add(Arrays.toString(opcode));
        }
    }

    @Test
    void noOpcodeHasTwoRows() {
        assertThat(InstructionTable.entries())
                .extracting(InstructionTable.Entry::opcode)
                .doesNotHaveDuplicates();
        assertThat(InstructionTable.entries()).hasSizeGreaterThan(300);
    }

    @Test
    void anInstructionIsFoundByItsBytesWhateverItsPrefixes() {
        InstructionTable.Entry add = InstructionTable.entryOf(bytes(0x01, 0xd8), true);
        assertThat(add).isEqualTo(new InstructionTable.Entry("01", "add", "Ev,Gv"));
        assertThat(InstructionTable.entryOf(bytes(0xf0, 0x66, 0x26, 0x01, 0x03), true))
                .isEqualTo(add);
        assertThat(InstructionTable.entryOf(bytes(0x01), true)).isNull();
    }

    @Test
    void whatRaisesUdIsNotDefined() {
        Set<String> undefined = new TreeSet<>();
        for (int[] code : new int[][] {{0x0f, 0x04}, {0x0f, 0x33}, {0x8d, 0xc0}, {0xfe, 0xf8}}) {
            InstructionTable.Entry entry = Objects.requireNonNull(InstructionTable.entryOf(bytes(code), true));
            undefined.add(entry.isDefined() + entry.mnemonic());
        }
        assertThat(undefined).containsExactly("false(bad)");
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
