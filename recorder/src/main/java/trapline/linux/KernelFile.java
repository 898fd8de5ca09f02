package trapline.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import trapline.guest.GuestException;

/**
 * A kernel as it lies on disk: a {@code bzImage} of boot protocol 2.08 or later (the kernel's
 * Documentation/x86/boot.rst), whose payload is unpacked here and not by the guest, or the {@code vmlinux} itself.
 *
 * @param header the boot sector and setup header of a bzImage; null for a vmlinux
 * @param elf the kernel proper
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes, compared by nobody.
public record KernelFile(byte @Nullable [] header, byte[] elf) {
    private static final int FILE_BYTES_MAX = 256 << 20;
    private static final int ELF_MAGIC = 0x464c_457f;
    private static final int HEADER_MAGIC = 0x5372_6448;
    private static final int HEADER_END = 0x268;

    private static final int SETUP_SECTORS = 0x1f1;
    private static final int MAGIC = 0x202;
    private static final int PROTOCOL = 0x206;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_BYTES = 0x24c;
    private static final int INIT_SIZE = 0x260;

    private static final int PROTOCOL_WITH_PAYLOAD = 0x208;
    private static final int PROTOCOL_WITH_SIZE = 0x20a;
    private static final int SECTOR = 512;

    /**
     * Reads a kernel.
     *
     * @throws GuestException if it is none, or packed in a way that is not known
     */
    public static KernelFile read(Path file) throws GuestException {
        try {
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                throw new GuestException(file + ": " + size + " bytes are too many for a kernel");
            }
            return parse(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new GuestException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /**
     * Takes a kernel apart.
     *
     * @param name of the file, in messages
     * @throws GuestException as {@link #read}
     */
    public static KernelFile parse(String name, byte[] bytes) throws GuestException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length >= 4 && in.getInt(0) == ELF_MAGIC) {
            return new KernelFile(null, bytes);
        }
        if (bytes.length < HEADER_END || in.getInt(MAGIC) != HEADER_MAGIC) {
            throw new GuestException(name + ": neither a bzImage (no \"HdrS\" at 0x202) nor an ELF file");
        }
        int protocol = in.getShort(PROTOCOL) & 0xffff;
        if (protocol < PROTOCOL_WITH_PAYLOAD) {
            throw new GuestException(String.format(
                    "%s: boot protocol %d.%02d; 2.08 (Linux 2.6.26) or later is needed, or the vmlinux of this kernel",
                    name, protocol >> 8, protocol & 0xff));
        }
        int sectors = in.get(SETUP_SECTORS) & 0xff;
        long start = ((sectors == 0 ? 4 : sectors) + 1L) * SECTOR + (in.getInt(PAYLOAD_OFFSET) & 0xffff_ffffL);
        long length = in.getInt(PAYLOAD_BYTES) & 0xffff_ffffL;
        if (start + length > bytes.length || length < 8) {
            throw new GuestException(String.format(
                    "%s: payload of %d bytes at 0x%x goes beyond the file's %d", name, length, start, bytes.length));
        }
        long limit = protocol >= PROTOCOL_WITH_SIZE ? in.getInt(INIT_SIZE) & 0xffff_ffffL : FILE_BYTES_MAX;
        byte[] payload = Arrays.copyOfRange(bytes, (int) start, (int) (start + length));
        byte[] elf = Payload.unpack(name, payload, (int) Math.min(limit, FILE_BYTES_MAX));
        return new KernelFile(Arrays.copyOf(bytes, HEADER_END), elf);
    }
}
