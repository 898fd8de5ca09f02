package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AT&amp;T text against known lines and, where GNU binutils are installed, against objdump. */
class DisassemblerTest {
    private static final long SEED = 20080102;
    private static final int PER_OPCODE = 24;

    /** Prefixes, which objdump may show as instructions, x87, and NOPs that have names on newer processors. */
    private static final Set<Integer> NOT_COMPARED = Set.of(
            0x0f, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x9b, 0xd8, 0xd9, 0xda, 0xdb, 0xdc,
            0xdd, 0xde, 0xdf, 0x118, 0x11a, 0x11b, 0x11c, 0x11e);

    private final Disassembler disassembler = new Disassembler();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "01d8 | add %ebx,%eax",
                "83450cf0 | addl $0xfffffff0,0xc(%ebp)",
                "668b0485f0ffffff | mov -0x10(,%eax,4),%ax",
                "65a114000000 | mov %gs:0x14,%eax",
                "cc | int3",
                "f3a5 | rep movsl %ds:(%esi),%es:(%edi)",
                "0fb645ff | movzbl -0x1(%ebp),%eax",
                "ff2485001020c0 | jmp *-0x3fdff000(,%eax,4)",
                "f00fb10a | lock cmpxchg %ecx,(%edx)",
                "ea000010000800 | ljmp $0x8,$0x100000",
                "7502 | jne 0x100004",
                "0f23f8 | mov %eax,%db7",
            })
    void knownLines(String hex, String text) {
        byte[] bytes = HexFormat.of().parseHex(hex.trim());
        Disassembler.Line line = disassembler.line(bytes, 0x10_0000, true);
        assertThat(line).isEqualTo(new Disassembler.Line(text, bytes.length));
    }

    @Test
    void cutOffAndUnknownBytesAreBad() {
        assertThat(disassembler.line(new byte[] {(byte) 0xe8, 0, 0}, 0, true).text())
                .isEqualTo("(bad)");
        assertThat(disassembler.line(new byte[] {0x0f, 0x0a, 0, 0, 0}, 0, true).text())
                .isEqualTo("(bad)");
    }

    /** Random operands for every opcode of the table; each instruction stands in a slot of its own, padded with NOPs. */
    @Test
    void agreesWithObjdump(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/objdump")), "objdump is not installed");
        Random random = new Random(SEED);
        List<byte[]> slots = new ArrayList<>();
        for (int opcode = 0; opcode < 512; opcode++) {
            if (NOT_COMPARED.contains(opcode)) {
                continue;
            }
            for (int i = 0; i < PER_OPCODE; i++) {
                slots.add(slot(opcode, random));
            }
        }
        byte[] image = new byte[slots.size() * 16];
        for (int i = 0; i < slots.size(); i++) {
            System.arraycopy(slots.get(i), 0, image, i * 16, 16);
        }
        Path file = Files.write(folder.resolve("image"), image);
        List<String> differences = new ArrayList<>();
        List<String> theirs = objdump(file);
        for (String line : theirs) {
            compare(line, image, differences);
        }
        assertThat(differences).as("seed %d", SEED).isEmpty();
    }

    private static byte[] slot(int opcode, Random random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        int at = random.nextInt(4) == 0 ? 1 : 0;
        bytes[0] = 0x66;
        if (opcode >= 256) {
            bytes[at++] = 0x0f;
        }
        bytes[at] = (byte) opcode;
        for (int i = 12; i < 16; i++) {
            bytes[i] = (byte) 0x90;
        }
        return bytes;
    }

    private static List<String> objdump(Path file) throws IOException, InterruptedException {
        Path out = file.resolveSibling("out");
        int status = new ProcessBuilder("/usr/bin/objdump", "-D", "-w", "-b", "binary", "-m", "i386", file.toString())
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        assertThat(status).isZero();
        return Files.readAllLines(out);
    }

    /** Looks at the first instruction of each slot: {@code "   10:\\t66 90  \\txchg %ax,%ax"}. */
    private void compare(String line, byte[] image, List<String> differences) {
        String[] parts = line.split("\t", -1);
        if (parts.length < 3) {
            return;
        }
        int address = Integer.parseInt(parts[0].trim().replace(":", ""), 16);
        if (address % 16 != 0) {
            return;
        }
        byte[] bytes = new byte[Math.min(15, image.length - address)];
        System.arraycopy(image, address, bytes, 0, bytes.length);
        Disassembler.Line ours = disassembler.line(bytes, address, true);
        String text = parts[2].replaceAll("\\s+", " ")
                .replaceAll(" <.*", "")
                .replace("data16 ", "")
                .trim();
        // objdump does not know SALC and shows operands of the undefined instructions
        // and the target of a jump with a 16-bit operand is not cut to 16 bits there (Intel SDM vol. 2, JMP)
        if (bytes[0] == 0x66 && text.contains(" 0x") && text.matches("(j|loop).*")) {
            return;
        }
        boolean known =
                !text.equals("(bad)") && !text.startsWith("ud") && !ours.text().equals("(bad)");
        if (known && !ours.text().equals(text)) {
            differences.add(parts[1].trim() + " | objdump: " + text + " | ours: " + ours.text());
        }
    }
}
