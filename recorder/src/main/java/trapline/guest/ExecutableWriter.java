package trapline.guest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import trapline.events.Symbol;

/**
 * Writes a linked image as an ELF executable, so that the same guest boots under {@code qemu-system-i386 -kernel} and
 * debuggers see its symbols.
 *
 * <pre>
 *   file header │ program headers │ … │ segment bytes at 0x1000 │ .symtab │ .strtab │ .shstrtab │ section headers
 * </pre>
 */
public final class ExecutableWriter {

    private static final int SEGMENT_OFFSET = 0x1000;
    private static final String SECTION_NAMES = "\0.image\0.symtab\0.strtab\0.shstrtab\0";
    private static final int SECTION_COUNT = 5;
    private static final int IMAGE_SECTION = 1;
    private static final int READ_WRITE_EXECUTE = 7;

    private final GuestImage image;
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

    private ExecutableWriter(GuestImage image) {
        this.image = image;
    }

    /**
     * The bytes of the executable.
     *
     * @param image of one segment, as the linker makes it
     */
    public static byte[] write(GuestImage image) {
        return new ExecutableWriter(image).write();
    }

    private byte[] write() {
        GuestImage.Segment segment = image.segments().get(0);
        byte[] symbols = symbols();
        byte[] names = SECTION_NAMES.getBytes(StandardCharsets.US_ASCII);
        int symbolsAt = SEGMENT_OFFSET + (segment.bytes().length + 3 & ~3);
        int stringsAt = symbolsAt + symbols.length;
        int namesAt = stringsAt + strings.size();
        int sectionsAt = namesAt + names.length + 3 & ~3;
        ByteBuffer out = ByteBuffer.allocate(sectionsAt + SECTION_COUNT * Elf.SECTION_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        header(out, sectionsAt);
        for (int field : new int[] {
            Elf.PT_LOAD,
            SEGMENT_OFFSET,
            segment.address(),
            segment.address(),
            segment.bytes().length,
            segment.memoryBytes(),
            READ_WRITE_EXECUTE,
            SEGMENT_OFFSET
        }) {
            out.putInt(field);
        }
        out.position(SEGMENT_OFFSET).put(segment.bytes());
        out.position(symbolsAt).put(symbols).put(strings.toByteArray()).put(names);
        out.position(sectionsAt + Elf.SECTION_BYTES);
        imageSection(out, segment);
        section(out, 8, Elf.SHT_SYMTAB, symbolsAt, symbols.length, 3, 1, Elf.SYMBOL_BYTES);
        section(out, 16, Elf.SHT_STRTAB, stringsAt, strings.size(), 0, 0, 0);
        section(out, 24, Elf.SHT_STRTAB, namesAt, names.length, 0, 0, 0);
        return out.array();
    }

    private void header(ByteBuffer out, int sectionsAt) {
        out.putInt(Elf.MAGIC).putInt(Elf.CLASS_32_LITTLE_ENDIAN).position(16);
        out.putShort((short) Elf.TYPE_EXECUTABLE)
                .putShort((short) Elf.MACHINE_386)
                .putInt(1);
        out.putInt(image.entry()).putInt(Elf.HEADER_BYTES).putInt(sectionsAt).putInt(0);
        for (int field : new int[] {Elf.HEADER_BYTES, Elf.PROGRAM_BYTES, 1, Elf.SECTION_BYTES, SECTION_COUNT, 4}) {
            out.putShort((short) field);
        }
    }

    private byte[] symbols() {
        List<Symbol> all = image.symbols().symbols();
        strings.write(0);
        ByteBuffer out =
                ByteBuffer.allocate((all.size() + 1) * Elf.SYMBOL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.position(Elf.SYMBOL_BYTES);
        for (Symbol symbol : all) {
            out.putInt(strings.size()).putInt((int) symbol.address()).putInt((int) symbol.size());
            out.put((byte) (Elf.STB_GLOBAL << 4)).put((byte) 0).putShort((short) IMAGE_SECTION);
            strings.writeBytes(symbol.name().getBytes(StandardCharsets.ISO_8859_1));
            strings.write(0);
        }
        return out.array();
    }

    private static void imageSection(ByteBuffer out, GuestImage.Segment segment) {
        int flags = Elf.SHF_ALLOC | Elf.SHF_WRITE | Elf.SHF_EXECINSTR;
        out.putInt(1).putInt(Elf.SHT_PROGBITS).putInt(flags).putInt(segment.address());
        out.putInt(SEGMENT_OFFSET).putInt(segment.bytes().length);
        out.putInt(0).putInt(0).putInt(1).putInt(0);
    }

    private static void section(
            ByteBuffer out, int name, int type, int offset, int size, int link, int info, int entryBytes) {
        for (int field : new int[] {name, type, 0, 0, offset, size, link, info, 1, entryBytes}) {
            out.putInt(field);
        }
    }
}
