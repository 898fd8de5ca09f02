package trapline.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.machine.Machine;
import trapline.machine.bus.PhysicalMemory;

/**
 * Loads Linux as a boot loader does (the kernel's Documentation/x86/boot.rst, "32-bit boot protocol"): the unpacked kernel at
 * the physical addresses of its segments, the initial RAM disk as high as it may lie, and below 1 MiB what the kernel is told.
 *
 * <pre>
 *   0x01000  GDT: null, null, 0x10 code, 0x18 data
 *   0x10000  boot_params ("zero page")
 *   0x20000  command line
 *   0xf0000  MP floating pointer and table
 * </pre>
 *
 * @param segments of the kernel
 * @param entry physical
 * @param header boot sector and setup header of the bzImage; null for a vmlinux
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes of a file, compared by nobody.
public record LinuxGuest(List<GuestImage.Segment> segments, int entry, byte @Nullable [] header) {
    private static final int GDT = 0x1000;
    private static final int BOOT_PARAMS = 0x1_0000;
    private static final int COMMAND_LINE = 0x2_0000;
    private static final int COMMAND_LINE_MAX = 2047;
    private static final int LOW_MEMORY_END = 0x37ff_f000;

    private static final int E820_COUNT = 0x1e8;
    private static final int SETUP_HEADER = 0x1f1;
    private static final int HEADER_MAGIC = 0x202;
    private static final int HEADER_LENGTH = 0x201;
    private static final int PROTOCOL = 0x206;
    private static final int LOADER_TYPE = 0x210;
    private static final int LOAD_FLAGS = 0x211;
    private static final int RAMDISK = 0x218;
    private static final int RAMDISK_BYTES = 0x21c;
    private static final int COMMAND_LINE_POINTER = 0x228;
    private static final int RAMDISK_MAX = 0x22c;
    private static final int E820 = 0x2d0;
    private static final int EXTENDED_KIB = 0x1e0;

    private static final int LOADER_UNDEFINED = 0xff;
    /** Loaded high, and no messages of the loader's. */
    private static final int FLAGS = 0x81;

    private static final int E820_RAM = 1;
    private static final int E820_RESERVED = 2;

    /** Copies the list. */
    public LinuxGuest {
        segments = List.copyOf(segments);
    }

    /** The first address above the kernel. */
    public long end() {
        return segments.stream()
                .mapToLong(s -> (s.address() & 0xffff_ffffL) + s.memoryBytes())
                .max()
                .orElse(0);
    }

    /**
     * Loads the kernel and puts CPU 0 at its entry.
     *
     * @param ramdisk the initial RAM disk; empty for none
     * @param commandLine what the kernel is told
     * @throws GuestException if the memory is too small, or the command line too long
     */
    public void load(Machine machine, byte[] ramdisk, String commandLine) throws GuestException {
        PhysicalMemory memory = machine.memory();
        requireRoom(memory, ramdisk);
        for (GuestImage.Segment segment : segments) {
            memory.load(segment.address(), segment.bytes());
        }
        memory.load(GDT + 0x10, descriptor(0x9b));
        memory.load(GDT + 0x18, descriptor(0x93));
        writeParams(memory, ramdisk);
        byte[] text = commandLine.getBytes(StandardCharsets.ISO_8859_1);
        if (text.length > COMMAND_LINE_MAX) {
            throw new GuestException(
                    "the kernel's command line is " + text.length + " bytes; it takes " + COMMAND_LINE_MAX);
        }
        memory.load(COMMAND_LINE, Arrays.copyOf(text, text.length + 1));
        new MpTable(machine.cpuCount()).write(memory);
        machine.startLinux(entry, BOOT_PARAMS, GDT);
    }

    private void requireRoom(PhysicalMemory memory, byte[] ramdisk) throws GuestException {
        long needed = end() + ramdisk.length + 0x2000;
        if (needed > memory.sizeBytes()) {
            throw new GuestException(String.format(
                    "the kernel (up to 0x%x) and its initial RAM disk (%d bytes) need at least %d MiB, not %d",
                    end(), ramdisk.length, (needed + (1 << 20) - 1) >> 20, memory.sizeBytes() >> 20));
        }
    }

    private static byte[] descriptor(int access) {
        return new byte[] {-1, -1, 0, 0, 0, (byte) access, (byte) 0xcf, 0};
    }

    private void writeParams(PhysicalMemory memory, byte[] ramdisk) {
        byte[] page = new byte[0x1000];
        if (header != null) {
            int headerEnd = HEADER_MAGIC + (header[HEADER_LENGTH] & 0xff);
            int length = Math.min(headerEnd, header.length) - SETUP_HEADER;
            System.arraycopy(header, SETUP_HEADER, page, SETUP_HEADER, length);
        } else {
            put(page, HEADER_MAGIC, 0x5372_6448);
            put(page, PROTOCOL, 0x20c);
            put(page, RAMDISK_MAX, LOW_MEMORY_END);
        }
        page[LOADER_TYPE] = (byte) LOADER_UNDEFINED;
        page[LOAD_FLAGS] |= (byte) FLAGS;
        put(page, COMMAND_LINE_POINTER, COMMAND_LINE);
        placeRamdisk(memory, ramdisk, page);
        put(page, EXTENDED_KIB, (memory.sizeBytes() >> 10) - 1024);
        long[][] map = {
            {0, 0x9_fc00, E820_RAM},
            {0x9_fc00, 0x400, E820_RESERVED},
            {0xf_0000, 0x1_0000, E820_RESERVED},
            {0x10_0000, memory.sizeBytes() - 0x10_0000L, E820_RAM}
        };
        page[E820_COUNT] = (byte) map.length;
        for (int i = 0; i < map.length; i++) {
            put(page, E820 + 20 * i, (int) map[i][0]);
            put(page, E820 + 20 * i + 8, (int) map[i][1]);
            put(page, E820 + 20 * i + 16, (int) map[i][2]);
        }
        memory.load(BOOT_PARAMS, page);
    }

    private static void placeRamdisk(PhysicalMemory memory, byte[] ramdisk, byte[] page) {
        if (ramdisk.length == 0) {
            return;
        }
        int max = get(page, RAMDISK_MAX);
        int limit = Math.min(memory.sizeBytes(), max > 0 ? Math.min(max, LOW_MEMORY_END) : LOW_MEMORY_END);
        int at = (limit - ramdisk.length) & ~0xfff;
        memory.load(at, ramdisk);
        put(page, RAMDISK, at);
        put(page, RAMDISK_BYTES, ramdisk.length);
    }

    private static void put(byte[] page, int at, int value) {
        for (int i = 0; i < 4; i++) {
            page[at + i] = (byte) (value >>> (8 * i));
        }
    }

    private static int get(byte[] page, int at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value |= (page[at + i] & 0xff) << (8 * i);
        }
        return value;
    }

    /**
     * Takes the segments of a kernel.
     *
     * @param name of its file, in messages
     * @throws GuestException if it is no i386 executable
     */
    public static LinuxGuest of(String name, KernelFile file) throws GuestException {
        ByteBuffer in = ByteBuffer.wrap(file.elf()).order(ByteOrder.LITTLE_ENDIAN);
        if (file.elf().length < 52 || in.get(4) != 1 || in.getShort(18) != 3) {
            throw new GuestException(name + ": not a 32-bit x86 kernel (the machine is an i386)");
        }
        int headers = in.getInt(28);
        int size = in.getShort(42) & 0xffff;
        int count = in.getShort(44) & 0xffff;
        List<GuestImage.Segment> segments = new ArrayList<>();
        int virtualEntry = in.getInt(24);
        int entry = virtualEntry;
        for (int i = 0; i < count; i++) {
            int at = headers + i * size;
            if (at < 0 || at + 32 > file.elf().length) {
                throw new GuestException(name + ": its program headers go beyond its end");
            }
            if (in.getInt(at) != 1) {
                continue;
            }
            segments.add(segment(name, in, file.elf(), at));
            int offset = virtualEntry - in.getInt(at + 8);
            if (Integer.compareUnsigned(offset, in.getInt(at + 20)) < 0) {
                entry = in.getInt(at + 12) + offset;
            }
        }
        if (segments.isEmpty()) {
            throw new GuestException(name + ": nothing to load");
        }
        return new LinuxGuest(segments, entry, file.header());
    }

    private static GuestImage.Segment segment(String name, ByteBuffer in, byte[] elf, int at) throws GuestException {
        long from = in.getInt(at + 4) & 0xffff_ffffL;
        long fileBytes = in.getInt(at + 16) & 0xffff_ffffL;
        long memoryBytes = in.getInt(at + 20) & 0xffff_ffffL;
        if (from + fileBytes > in.capacity() || memoryBytes > 1L << 30 || fileBytes > memoryBytes) {
            throw new GuestException(name + ": a segment goes beyond the file's end, or is larger than any memory");
        }
        byte[] bytes = Arrays.copyOfRange(elf, (int) from, (int) (from + fileBytes));
        return new GuestImage.Segment(in.getInt(at + 12), bytes, (int) memoryBytes);
    }
}
