package trapline.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that lie: each is refused with one line that names the file, or links to something harmless. */
class HostileElfTest {
    private static final int SECTION_LINK = 24;
    private static final int SECTION_INFO = 28;

    private static byte[] good() {
        ObjectBuilder object = new ObjectBuilder();
        int text = object.section(".text", Elf.SHF_ALLOC | Elf.SHF_EXECINSTR, 16, 0x90, 0x90, 0x90, 0x90, 0, 0, 0, 0);
        int start = object.symbol("_start", text, 0, Elf.STB_GLOBAL);
        object.relocation(text, 4, start, Elf.R_386_32);
        object.zeroSection(".bss", 64);
        return object.bytes();
    }

    private static void put(byte[] bytes, int at, long value, int width) {
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,  0x0,        4, not an ELF file",
        "4,  2,          1, not a 32-bit i386 ELF file",
        "18, 62,         2, not a 32-bit i386 ELF file",
        "16, 3,          2, neither a relocatable object nor a static executable",
        "32, 0xfffffff0, 4, section header table",
        "46, 64,         2, section headers of 64 bytes",
        "48, 0xffff,     2, section header table",
        "50, 0x7fff,     2, section name table 32767"
    })
    void aBrokenHeaderFieldIsNamed(int offset, String value, int width, String message) {
        byte[] bytes = good();
        put(bytes, offset, Long.decode(value), width);
        assertThatThrownBy(() -> ElfReader.parse("x.o", bytes))
                .isInstanceOf(GuestException.class)
                .hasMessageStartingWith("x.o: offset 0x")
                .hasMessageContaining(message);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] good = good();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> ElfReader.parse("cut.o", cut))
                    .as("first %s bytes", length)
                    .isInstanceOf(GuestException.class)
                    .hasMessageStartingWith("cut.o: offset 0x");
        }
    }

    /** Sections that name each other, or themselves, as their strings, symbols or targets: every such cycle. */
    @Test
    void sectionsThatReferInCirclesAreRefusedOrHarmless() throws GuestException {
        byte[] good = good();
        int headers = u16(good, 32) | u16(good, 34) << 16;
        int sections = u16(good, 48);
        int refused = 0;
        for (int section = 1; section < sections; section++) {
            for (int field : new int[] {SECTION_LINK, SECTION_INFO}) {
                for (int to = 0; to <= sections; to++) {
                    byte[] bytes = good.clone();
                    put(bytes, headers + section * Elf.SECTION_BYTES + field, to, 4);
                    try {
                        Linker.link(List.of(ElfReader.parse("circle.o", bytes)));
                    } catch (GuestException e) {
                        assertThat(e.getMessage()).doesNotContain("\n");
                        refused++;
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(sections);
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    @Test
    void randomDamageNeverEscapesAsAnythingButAMessage() {
        long seed = Long.getLong("trapline.seed", 20080102);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = good();
            for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
            }
            try {
                GuestImage image = Linker.link(List.of(ElfReader.parse("damaged.o", bytes)));
                assertThat(image.segments().get(0).bytes()).hasSizeLessThan(Elf.FILE_BYTES_MAX);
            } catch (GuestException e) {
                refused++;
                assertThat(e.getMessage()).as("seed %s round %s", seed, round).doesNotContain("\n");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }
}
