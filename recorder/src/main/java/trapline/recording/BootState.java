package trapline.recording;

import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.guest.GuestException;
import trapline.machine.Machine;
import trapline.machine.SnapshotFormat;

/**
 * A kernel that has come to some place, on disk: what a recording needs to go on from there as if it had booted. Numbers are
 * big-endian, a text is its length (u32) and UTF-8, a packed part is its length, its packed length, and LZ4.
 *
 * <pre>
 *   magic      "TRAPSTAT"
 *   format     u32        {@link #FORMAT}
 *   semantics  u32        {@link Semantics#VERSION}: of another one the run would go on differently
 *   step       u64        where it was taken
 *   scenario   text
 *   digests    u32 number, and for each: name, SHA-256 as texts
 *   kernel     packed     the unpacked kernel: what is observed is found in it
 *   symbols    packed     lines of name, address, size
 *   schedule   u32 number, u64 each
 *   machine               {@link SnapshotFormat}
 *   checksum   u32        CRC-32C of all before
 * </pre>
 *
 * @param step instructions retired
 * @param scenario that it is of
 * @param digests SHA-256 of the kernel's files by their names
 * @param elf the unpacked kernel
 * @param symbols of it
 * @param schedule what the scheduler remembered
 * @param machine the machine's part
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes, compared by nobody.
public record BootState(
        long step,
        String scenario,
        Map<String, String> digests,
        byte[] elf,
        SymbolTable symbols,
        List<Long> schedule,
        byte[] machine) {

    private static final byte[] MAGIC = "TRAPSTAT".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 1;
    private static final int CHECKSUM_BYTES = 4;
    private static final long FILE_BYTES_MAX = 1L << 30;
    private static final int TEXT_BYTES_MAX = 1 << 20;
    private static final int PART_BYTES_MAX = 256 << 20;
    private static final int FILES_MAX = 16;
    private static final int SCHEDULE_MAX = 1 << 16;

    /** The machine's part of a machine as it is now. */
    static byte[] capture(Machine machine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotFormat.write(machine, machine.capture(), new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /**
     * Puts a machine into this state.
     *
     * @throws GuestException if it is not of such a machine
     */
    void restore(Machine into) throws GuestException {
        try {
            into.restore(SnapshotFormat.read(into, new DataInputStream(new ByteArrayInputStream(machine))));
        } catch (IOException | RuntimeException e) {
            throw new GuestException("--from-state: the machine in it cannot go on: " + why(e));
        }
    }

    private static String why(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), "it ends too early");
    }

    /** Writes the file. */
    public void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(MAGIC);
        out.writeInt(FORMAT);
        out.writeInt(Semantics.VERSION);
        out.writeLong(step);
        text(out, scenario);
        out.writeInt(digests.size());
        for (Map.Entry<String, String> digest : digests.entrySet()) {
            text(out, digest.getKey());
            text(out, digest.getValue());
        }
        pack(out, elf);
        StringBuilder lines = new StringBuilder();
        for (Symbol symbol : symbols.symbols()) {
            lines.append(symbol.name()).append('\t').append(symbol.address()).append('\t');
            lines.append(symbol.size()).append('\n');
        }
        pack(out, lines.toString().getBytes(StandardCharsets.UTF_8));
        out.writeInt(schedule.size());
        for (long value : schedule) {
            out.writeLong(value);
        }
        out.write(machine);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.toByteArray());
        out.writeInt((int) checksum.getValue());
        Files.write(file, bytes.toByteArray());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void pack(DataOutputStream out, byte[] bytes) throws IOException {
        Lz4Compressor compressor = new Lz4Compressor();
        byte[] packed = new byte[compressor.maxCompressedLength(bytes.length)];
        int length = compressor.compress(bytes, 0, bytes.length, packed, 0, packed.length);
        out.writeInt(bytes.length);
        out.writeInt(length);
        out.write(packed, 0, length);
    }

    /**
     * Reads a file.
     *
     * @throws GuestException if it cannot be read, is damaged, or of another version
     */
    public static BootState read(Path file) throws GuestException {
        try {
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                throw new GuestException(file + ": " + size + " bytes are too many for a machine's state");
            }
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new GuestException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /**
     * Takes a file apart.
     *
     * @param name of it, in messages
     */
    static BootState parse(String name, byte[] bytes) throws GuestException {
        int least = MAGIC.length + 3 * Integer.BYTES;
        if (bytes.length < least || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new GuestException(name + ": not a machine's state (trapline snapshot makes one)");
        }
        ByteBuffer numbers = ByteBuffer.wrap(bytes);
        int format = numbers.getInt(MAGIC.length);
        int semantics = numbers.getInt(MAGIC.length + Integer.BYTES);
        if (format != FORMAT || semantics != Semantics.VERSION) {
            throw new GuestException(String.format(
                    "%s: of another trapline (format %d, machine %d; this one has %d and %d): make it again with"
                            + " trapline snapshot",
                    name, format, semantics, FORMAT, Semantics.VERSION));
        }
        int end = bytes.length - CHECKSUM_BYTES;
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, end);
        if ((int) checksum.getValue() != numbers.getInt(end)) {
            throw new GuestException(name + ": damaged: its checksum is not that of its " + bytes.length + " bytes");
        }
        int from = MAGIC.length + 2 * Integer.BYTES;
        try {
            return parts(new DataInputStream(new ByteArrayInputStream(bytes, from, end - from)));
        } catch (IOException | RuntimeException e) {
            throw new GuestException(name + ": not a machine's state: " + why(e));
        }
    }

    private static BootState parts(DataInputStream in) throws IOException {
        long step = in.readLong();
        String scenario = text(in);
        Map<String, String> digests = new LinkedHashMap<>();
        for (int left = count(in, FILES_MAX); left > 0; left--) {
            digests.put(text(in), text(in));
        }
        byte[] elf = unpack(in);
        List<Symbol> symbols = new ArrayList<>();
        for (String line : new String(unpack(in), StandardCharsets.UTF_8).split("\n", -1)) {
            String[] words = line.split("\t", -1);
            if (words.length == 3) {
                symbols.add(new Symbol(words[0], Long.parseLong(words[1]), Long.parseLong(words[2])));
            }
        }
        List<Long> schedule = new ArrayList<>();
        for (int left = count(in, SCHEDULE_MAX); left > 0; left--) {
            schedule.add(in.readLong());
        }
        return new BootState(step, scenario, digests, elf, new SymbolTable(symbols), schedule, in.readAllBytes());
    }

    private static int count(DataInputStream in, int max) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > max) {
            throw new IOException("a part of it is said to be " + count + ", at most " + max + " can be");
        }
        return count;
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(count(in, TEXT_BYTES_MAX)), StandardCharsets.UTF_8);
    }

    private static byte[] unpack(DataInputStream in) throws IOException {
        byte[] bytes = new byte[count(in, PART_BYTES_MAX)];
        byte[] packed = in.readNBytes(count(in, PART_BYTES_MAX));
        int length = new Lz4Decompressor().decompress(packed, 0, packed.length, bytes, 0, bytes.length);
        if (length != bytes.length) {
            throw new IOException("a part of it unpacks to " + length + " of " + bytes.length + " bytes");
        }
        return bytes;
    }
}
