package trapline.machine.i386;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import trapline.machine.Machine;

/** Puts small statically linked i386 ELF files into a machine. */
public final class Guests {
    private Guests() {}

    public static byte[] resource(String name) {
        try (InputStream in = Guests.class.getResourceAsStream("/guests/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no guest " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Machine machine(byte[] elf) {
        return machine(elf, 1);
    }

    public static Machine machine(byte[] elf, int cpus) {
        Machine machine = new Machine(16 << 20, cpus);
        machine.startMultiboot(load(machine, elf), 0);
        return machine;
    }

    public static Machine machine(Path elf) throws IOException {
        return machine(Files.readAllBytes(elf));
    }

    /** Loads the segments and returns the entry point. */
    public static int load(Machine machine, byte[] elf) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        int headers = file.getInt(28);
        for (int i = 0; i < file.getShort(44); i++) {
            int at = headers + i * file.getShort(42);
            if (file.getInt(at) == 1) {
                int from = file.getInt(at + 4);
                machine.memory().load(file.getInt(at + 12), Arrays.copyOfRange(elf, from, from + file.getInt(at + 16)));
            }
        }
        return file.getInt(24);
    }
}
