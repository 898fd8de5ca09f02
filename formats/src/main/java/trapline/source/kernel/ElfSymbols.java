package trapline.source.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import trapline.events.Symbol;

/**
 * The symbol table of a vmlinux: ELF of 32 or 64 bits, little-endian. Read in pieces, every offset checked: a file that does
 * not hold together ends in one line.
 */
public final class ElfSymbols {

    private static final int MAGIC = 0x464c457f;
    private static final int HEADER_BYTES = 64;
    private static final int SYMTAB = 2;
    private static final int SECTIONS_MAX = 1 << 16;
    private static final long TABLE_BYTES_MAX = 256L << 20;
    private static final int TYPE_FUNC = 2;

    private final Path path;
    private final FileChannel file;
    private boolean wide;

    /**
     * A symbol.
     *
     * @param isCode whether it is a function
     */
    public record Entry(Symbol symbol, boolean isCode) {}

    private ElfSymbols(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Whether a file is an ELF file. */
    public static boolean isElf(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            return file.size() >= HEADER_BYTES
                    && new ElfSymbols(path, file).bytes(0, Integer.BYTES).getInt() == MAGIC;
        }
    }

    /**
     * Reads the symbols of a file.
     *
     * @throws IOException if it cannot be read, or is damaged
     */
    public static List<Entry> read(Path path) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (FileChannel file = FileChannel.open(path)) {
            new ElfSymbols(path, file).read(entries::add);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        return entries;
    }

    private void read(Consumer<Entry> to) throws IOException {
        ByteBuffer header = bytes(0, HEADER_BYTES);
        wide = header.get(4) == 2;
        if (header.get(5) != 1) {
            throw damaged("it is not little-endian");
        }
        long sections = wide ? header.getLong(40) : header.getInt(32) & 0xffffffffL;
        int size = header.getShort(wide ? 58 : 46) & 0xffff;
        int count = header.getShort(wide ? 60 : 48) & 0xffff;
        if (size < (wide ? 64 : 40) || count > SECTIONS_MAX) {
            throw damaged("its section headers make no sense");
        }
        ByteBuffer table = bytes(sections, (long) size * count);
        for (int i = 0; i < count; i++) {
            if (table.getInt(i * size + 4) == SYMTAB) {
                int link = table.getInt(i * size + (wide ? 40 : 24));
                if (link < 0 || link >= count) {
                    throw damaged("its symbols have no names");
                }
                symbols(section(table, i * size), section(table, link * size), to);
            }
        }
    }

    private ByteBuffer section(ByteBuffer table, int at) throws IOException {
        return wide
                ? bytes(table.getLong(at + 24), table.getLong(at + 32))
                : bytes(table.getInt(at + 16) & 0xffffffffL, table.getInt(at + 20) & 0xffffffffL);
    }

    private void symbols(ByteBuffer symbols, ByteBuffer names, Consumer<Entry> to) throws IOException {
        int size = wide ? 24 : 16;
        for (int at = 0; at + size <= symbols.limit(); at += size) {
            String name = name(names, symbols.getInt(at));
            int info = symbols.get(at + (wide ? 4 : 12));
            long value = wide ? symbols.getLong(at + 8) : symbols.getInt(at + 4) & 0xffffffffL;
            long bytes = wide ? symbols.getLong(at + 16) : symbols.getInt(at + 8) & 0xffffffffL;
            boolean named = !name.isEmpty() && (info & 0xf) <= TYPE_FUNC;
            if (named) {
                to.accept(new Entry(new Symbol(name, value, bytes), (info & 0xf) == TYPE_FUNC));
            }
        }
    }

    private String name(ByteBuffer names, int at) throws IOException {
        if (at < 0 || at >= names.limit()) {
            throw damaged("a symbol's name lies outside of its names");
        }
        int end = at;
        while (end < names.limit() && names.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end - at];
        names.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private ByteBuffer bytes(long offset, long length) throws IOException {
        if (offset < 0 || length < 0 || length > TABLE_BYTES_MAX || offset > file.size() - length) {
            throw damaged("a table lies outside of the file");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw damaged("it ends early");
            }
        }
        return bytes.flip();
    }

    private IOException damaged(String what) {
        return new IOException(path + ": no ELF file that can be used: " + what);
    }
}
