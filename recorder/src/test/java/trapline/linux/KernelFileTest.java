package trapline.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import trapline.guest.GuestException;
import trapline.machine.Machine;
import trapline.machine.PcPlan;
import trapline.machine.i386.Cpu;

/** Kernels as files: made-up ones of a few hundred bytes, packed in several ways, and damaged ones. */
class KernelFileTest {
    private static final int INIT_SIZE = 1 << 20;

    private static byte[] elf() {
        ByteBuffer elf = ByteBuffer.allocate(0x200).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1});
        elf.putShort(16, (short) 2)
                .putShort(18, (short) 3)
                .putInt(24, 0xc010_0010)
                .putInt(28, 52);
        elf.putShort(42, (short) 32).putShort(44, (short) 1);
        // One segment: offset 0x100, linked at 0xc0100000, loaded at 0x100000, 0x100 bytes of 0x1000.
        elf.putInt(52, 1).putInt(56, 0x100).putInt(60, 0xc010_0000).putInt(64, 0x10_0000);
        elf.putInt(68, 0x100).putInt(72, 0x1000);
        elf.putInt(0x110, 0x90f4_9090);
        return elf.array();
    }

    private static byte[] bzImage(byte[] payload) {
        ByteBuffer image = ByteBuffer.allocate(5 * 512 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) 4)
                .put(0x201, (byte) 0x66)
                .putInt(0x202, 0x5372_6448)
                .putShort(0x206, (short) 0x20f);
        image.putInt(0x22c, 0x37ff_ffff)
                .putInt(0x248, 0)
                .putInt(0x24c, payload.length)
                .putInt(0x260, INIT_SIZE);
        image.position(5 * 512);
        image.put(payload);
        return image.array();
    }

    private static byte[] withSize(byte[] packed, int size) {
        return ByteBuffer.allocate(packed.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(packed)
                .putInt(size)
                .array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packer = new GZIPOutputStream(out)) {
            packer.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] xz(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (XZOutputStream packer = new XZOutputStream(out, new LZMA2Options())) {
            packer.write(bytes);
        }
        return withSize(out.toByteArray(), bytes.length);
    }

    @Test
    void payloadsAreUnpacked() throws Exception {
        for (byte[] payload : new byte[][] {elf(), gzip(elf()), xz(elf())}) {
            assertThat(KernelFile.parse("k", bzImage(payload)).elf()).isEqualTo(elf());
        }
        assertThat(KernelFile.parse("vmlinux", elf()).elf()).isEqualTo(elf());
    }

    @Test
    void kernelIsEnteredAsTheProtocolSays() throws Exception {
        LinuxGuest guest = LinuxGuest.of("k", KernelFile.parse("k", bzImage(xz(elf()))));
        Machine machine = new Machine(4 << 20, 2, PcPlan.DEFAULT);
        guest.load(machine, new byte[] {1, 2, 3}, "quiet");
        Cpu cpu = machine.cpu(0);
        assertThat(cpu.eip()).isEqualTo(0x10_0010);
        assertThat(machine.memory().dword(0x10_0010)).isEqualTo(0x90f4_9090);
        assertThat(cpu.selector(Cpu.CS)).isEqualTo(0x10);
        assertThat(cpu.selector(Cpu.DS)).isEqualTo(0x18);
        int params = cpu.reg(Cpu.ESI);
        assertThat(machine.memory().dword(params + 0x202)).isEqualTo(0x5372_6448);
        assertThat(machine.memory().dword(machine.memory().dword(params + 0x228)))
                .isEqualTo(0x6569_7571);
        assertThat(machine.memory().dword(params + 0x21c)).isEqualTo(3);
        assertThat(machine.memory().dword(machine.memory().dword(params + 0x218)) & 0xff_ffff)
                .isEqualTo(0x03_0201);
        assertThat(machine.memory().dword(0xf_0000)).as("_MP_").isEqualTo(0x5f50_4d5f);
    }

    @Test
    void whatIsNoKernelSaysSo() {
        assertThatThrownBy(() -> KernelFile.parse("x", new byte[0x1000]))
                .isInstanceOf(GuestException.class)
                .hasMessageContaining("HdrS");
        assertThatThrownBy(() -> KernelFile.parse(
                        "x", bzImage("not packed".getBytes(java.nio.charset.StandardCharsets.US_ASCII))))
                .hasMessageContaining("unknown compression");
        assertThatThrownBy(() -> LinuxGuest.of("x", new KernelFile(null, new byte[100])))
                .hasMessageContaining("32-bit");
    }

    /** A kernel that would unpack to more than its header says is refused before it is. */
    @Test
    void bombsAreRefused() throws Exception {
        byte[] bomb = xz(new byte[4 * INIT_SIZE]);
        assertThatThrownBy(() -> KernelFile.parse("x", bzImage(bomb))).hasMessageContaining("larger");
    }

    @Test
    void damagedKernelsNeverDoAnythingElse() throws Exception {
        byte[] whole = bzImage(xz(elf()));
        Random random = new Random(16);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                LinuxGuest.of("x", KernelFile.parse("x", damaged));
            } catch (GuestException e) {
                assertThat(e).hasMessageStartingWith("x: ");
            }
        }
    }

    @Test
    void symbolFilesAreRead() throws Exception {
        var symbols = SymbolFile.parse("System.map", "c1000000 T _text\nc1000010 t inner\nc1000020 T _etext\n");
        assertThat(symbols.find("inner")).isEqualTo(new trapline.events.Symbol("inner", 0xc100_0010L, 0x10));
        assertThatThrownBy(() -> SymbolFile.parse("System.map", "ffffffffffffffff B The real System.map is elsewhere"))
                .hasMessageContaining("stub");
    }
}
