package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.guest.GuestException;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioReader;

/** States of a made-up kernel, which sets up a stack, counts to 0x1000, says so and halts. */
class BootStateTest {
    /** Where it begins to count, and where it has counted. */
    private static final String COUNTING = "0x10000a";

    private static final int[] CODE = {
        0xbc,
        0x00,
        0x08,
        0x10,
        0x00, // mov $0x100800,%esp
        0xb9,
        0x00,
        0x10,
        0x00,
        0x00, // mov $0x1000,%ecx
        0x01,
        0xc8, // add %ecx,%eax
        0x9c,
        0x9d, // pushf; popf
        0xe2,
        0xfa, // loop
        0xa3,
        0x00,
        0x09,
        0x10,
        0x00, // mov %eax,0x100900
        0x66,
        0xba,
        0xf8,
        0x03,
        0xb0,
        0x4b,
        0xee, // 'K' on the serial line
        0xfa,
        0xf4 // cli; hlt
    };

    @TempDir
    private Path folder;

    private Path kernel;
    private Path state;

    @BeforeEach
    void files() throws Exception {
        ByteBuffer elf = ByteBuffer.allocate(0x200).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1});
        elf.putShort(16, (short) 2)
                .putShort(18, (short) 3)
                .putInt(24, 0x10_0000)
                .putInt(28, 52);
        elf.putShort(42, (short) 32).putShort(44, (short) 1);
        elf.putInt(52, 1).putInt(56, 0x100).putInt(60, 0x10_0000).putInt(64, 0x10_0000);
        elf.putInt(68, 0x100).putInt(72, 0x1000);
        for (int i = 0; i < CODE.length; i++) {
            elf.put(0x100 + i, (byte) CODE[i]);
        }
        kernel = folder.resolve("vmlinux");
        state = folder.resolve("boot.state");
        Files.write(kernel, elf.array());
        Files.writeString(folder.resolve("System.map"), "00100000 T _stext\n00100100 T _etext\n");
    }

    private Scenario scenario(String from) throws Exception {
        Overrides overrides = new Overrides()
                .add("--memory", "memory", "4")
                .add("--symbols", "linux.symbols", folder.resolve("System.map"))
                .add("--record-from", "linux.record-from", from);
        return ScenarioReader.ofLinux(kernel, overrides);
    }

    private static List<String> events(Recording recording) throws GuestException {
        recording.advance();
        List<String> events = new ArrayList<>();
        recording.observe(e -> events.add(text(e)));
        assertThat(recording.console()).isEqualTo("K");
        return events;
    }

    private static String text(Event e) {
        StringBuilder text = new StringBuilder(e.kind() + " " + e.step() + " " + e.ip());
        for (int i = 0; i < (e.kind() == EventKind.EFLAGS_WRITE ? 3 : 1); i++) {
            text.append(' ').append(e.value(i));
        }
        return text.toString();
    }

    private void snapshot() throws Exception {
        Recording boot = Recording.prepare(scenario(COUNTING), "test", false);
        boot.advance();
        boot.writeState(state);
    }

    private Recording from(BootState read) throws Exception {
        Scenario scenario = ScenarioReader.ofState("boot.state", read.scenario(), new Overrides());
        return Recording.prepare(scenario, GuestBuild.of(scenario, read), "test", false);
    }

    @Test
    void recordingGoesOnAsIfItHadBooted() throws Exception {
        List<String> booted = events(Recording.prepare(scenario(COUNTING), "test", false));
        snapshot();
        Files.delete(kernel);
        assertThat(events(from(BootState.read(state)))).isEqualTo(booted).hasSizeGreaterThan(0x1000);
    }

    @Test
    void damagedForeignAndTruncatedFilesAreRefused() throws Exception {
        snapshot();
        byte[] good = Files.readAllBytes(state);
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] bad = good.clone();
            int at = random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> BootState.parse("s", bad))
                    .isInstanceOf(GuestException.class)
                    .hasMessageStartingWith("s: ");
        }
        byte[] half = java.util.Arrays.copyOf(good, good.length / 2);
        assertThatThrownBy(() -> BootState.parse("s", half)).hasMessageContaining("damaged");
        assertThatThrownBy(() -> BootState.parse("s", new byte[100])).hasMessageContaining("not a machine's state");
    }

    @Test
    void whatIsOfAnotherVersionIsNamed() throws Exception {
        snapshot();
        byte[] other = Files.readAllBytes(state);
        ByteBuffer.wrap(other).putInt(12, Semantics.VERSION + 1);
        assertThatThrownBy(() -> BootState.parse("s", other)).hasMessageContaining("another trapline");
    }

    /** The checksum keeps accidents out, not malice: what it covers is not trusted either. */
    @Test
    void forgedFilesEndInARefusal() throws Exception {
        snapshot();
        byte[] good = Files.readAllBytes(state);
        Random random = new Random(11);
        for (int i = 0; i < 100; i++) {
            byte[] forged = good.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                forged[16 + random.nextInt(forged.length - 20)] = (byte) random.nextInt();
            }
            java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
            checksum.update(forged, 0, forged.length - 4);
            ByteBuffer.wrap(forged).putInt(forged.length - 4, (int) checksum.getValue());
            try {
                from(BootState.parse("s", forged));
            } catch (GuestException | trapline.scenario.ScenarioException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }
}
