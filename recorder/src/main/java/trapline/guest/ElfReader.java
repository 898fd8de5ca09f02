package trapline.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses ELF32 i386 objects and executables. Libraries for this do not say where a file is broken and trust its
 * sizes, hence a reader of our own for the few structures that a guest needs.
 */
public final class ElfReader {

    private final ElfBytes in;
    private final List<ElfSection> sections = new ArrayList<>();
    private final List<ElfSymbol> symbols = new ArrayList<>();
    private final List<ElfRelocation> relocations = new ArrayList<>();
    private final List<ElfSegment> segments = new ArrayList<>();

    private ElfReader(ElfBytes in) {
        this.in = in;
    }

    /**
     * Reads a file.
     *
     * @param path an object or executable
     * @throws GuestException if it cannot be read or is not one
     */
    public static ElfFile read(Path path) throws GuestException {
        if (!Files.isRegularFile(path)) {
            throw new GuestException(path + ": " + (Files.exists(path) ? "not a regular file" : "no such file"));
        }
        try (InputStream stream = Files.newInputStream(path)) {
            return parse(path.toString(), stream.readNBytes(Elf.FILE_BYTES_MAX + 1));
        } catch (IOException e) {
            throw new GuestException(path + ": cannot be read: " + e.getMessage());
        }
    }

    /**
     * Parses the bytes of a file.
     *
     * @param name shown in messages
     * @param bytes the whole file; not copied
     * @throws GuestException if it is not an object or executable for i386, or damaged
     */
    public static ElfFile parse(String name, byte[] bytes) throws GuestException {
        return new ElfReader(new ElfBytes(name, bytes)).file();
    }

    private ElfFile file() throws GuestException {
        if (in.size() > Elf.FILE_BYTES_MAX) {
            throw in.fail(Elf.FILE_BYTES_MAX, "file is larger than " + (Elf.FILE_BYTES_MAX >> 20) + " MiB");
        }
        if (in.size() < Elf.HEADER_BYTES || in.i32(0) != Elf.MAGIC) {
            throw in.fail(0, "not an ELF file");
        }
        if ((in.i32(4) & 0xffffff) != Elf.CLASS_32_LITTLE_ENDIAN || in.u16(18) != Elf.MACHINE_386) {
            throw in.fail(4, "not a 32-bit i386 ELF file (compile with gcc -m32)");
        }
        int type = in.u16(16);
        if (type != Elf.TYPE_RELOCATABLE && type != Elf.TYPE_EXECUTABLE) {
            throw in.fail(16, "neither a relocatable object nor a static executable (ELF type " + type + ")");
        }
        readSections();
        readSymbols();
        if (type == Elf.TYPE_RELOCATABLE) {
            readRelocations();
        } else {
            readSegments();
        }
        return new ElfFile(in, type, in.i32(24), segments, sections, symbols, relocations);
    }

    private void readSections() throws GuestException {
        long table = in.u32(32);
        int count = in.u16(48);
        if (count == 0) {
            return;
        }
        if (in.u16(46) != Elf.SECTION_BYTES) {
            throw in.fail(46, "section headers of " + in.u16(46) + " bytes instead of " + Elf.SECTION_BYTES);
        }
        in.require(table, (long) count * Elf.SECTION_BYTES, "section header table");
        int names = in.u16(50);
        if (names >= count) {
            throw in.fail(50, "section name table " + names + " of " + count + " sections");
        }
        long namesHeader = table + (long) names * Elf.SECTION_BYTES;
        long namesOffset = in.u32(namesHeader + 16);
        long namesSize = in.u32(namesHeader + 20);
        in.require(namesOffset, namesSize, "section name table");
        for (int i = 0; i < count; i++) {
            int at = (int) table + i * Elf.SECTION_BYTES;
            String name = i == 0 ? "" : in.string(namesOffset, namesSize, in.u32(at), at);
            sections.add(section(i, name, at));
        }
    }

    private ElfSection section(int index, String name, int at) throws GuestException {
        int type = in.i32(at + 4);
        long size = in.u32(at + 20);
        // A null header and a zero-filled section own no bytes of the file.
        if (index != 0 && type != Elf.SHT_NOBITS) {
            in.require(in.u32(at + 16), size, "section " + name);
        }
        if (size > Elf.IMAGE_BYTES_MAX) {
            throw in.fail(at + 20, "section " + name + " of " + size + " bytes is larger than any guest's memory");
        }
        long alignment = Math.max(1, in.u32(at + 32));
        if (Long.bitCount(alignment) != 1 || alignment > Elf.ALIGNMENT_MAX) {
            throw in.fail(at + 32, "section " + name + " has alignment " + alignment);
        }
        return new ElfSection(
                index,
                name,
                type,
                in.i32(at + 8),
                in.i32(at + 16),
                (int) size,
                in.i32(at + 24),
                in.i32(at + 28),
                (int) alignment,
                at);
    }

    private void readSymbols() throws GuestException {
        for (ElfSection table : sections) {
            if (table.type() != Elf.SHT_SYMTAB) {
                continue;
            }
            if (!symbols.isEmpty()) {
                throw in.fail(table.headerOffset(), "a second symbol table");
            }
            ElfSection strings = linked(table, Elf.SHT_STRTAB, "string table");
            int count = table.size() / Elf.SYMBOL_BYTES;
            if (count > Elf.SYMBOLS_MAX) {
                throw in.fail(table.headerOffset(), count + " symbols, more than " + Elf.SYMBOLS_MAX);
            }
            for (int i = 0; i < count; i++) {
                symbols.add(symbol(table.offset() + i * Elf.SYMBOL_BYTES, strings));
            }
        }
    }

    private ElfSymbol symbol(int at, ElfSection strings) throws GuestException {
        int info = in.u16(at + 12) & 0xff;
        int section = in.u16(at + 14);
        if (section >= sections.size() && section < Elf.SHN_LORESERVE) {
            throw in.fail(at + 14, "symbol in section " + section + " of " + sections.size());
        }
        int name = in.i32(at);
        return new ElfSymbol(
                name == 0 ? "" : in.string(strings.offset(), strings.size(), in.u32(at), at),
                in.i32(at + 4),
                in.i32(at + 8),
                info >> 4,
                info & 0xf,
                section);
    }

    private void readRelocations() throws GuestException {
        for (ElfSection table : sections) {
            if (table.type() == Elf.SHT_RELA) {
                throw in.fail(table.headerOffset(), "relocations with addends (SHT_RELA) are not used on i386");
            }
            if (table.type() != Elf.SHT_REL) {
                continue;
            }
            if (table.info() <= 0 || table.info() >= sections.size()) {
                throw in.fail(table.headerOffset() + 28, "relocations for section " + table.info());
            }
            if (sections.get(table.info()).loaded()) {
                linked(table, Elf.SHT_SYMTAB, "symbol table");
                readRelocations(table, sections.get(table.info()));
            }
        }
    }

    private void readRelocations(ElfSection table, ElfSection target) throws GuestException {
        for (int i = 0; i < table.size() / Elf.RELOCATION_BYTES; i++) {
            int at = table.offset() + i * Elf.RELOCATION_BYTES;
            int info = in.i32(at + 4);
            long offset = in.u32(at);
            int bytes = width(info & 0xff, at);
            if (target.noBits() || offset + bytes > target.size()) {
                throw in.fail(at, "relocation at " + target.name() + "+0x" + Long.toHexString(offset) + " outside it");
            }
            if (info >>> 8 >= symbols.size()) {
                throw in.fail(at + 4, "relocation with symbol " + (info >>> 8) + " of " + symbols.size());
            }
            relocations.add(new ElfRelocation(target.index(), (int) offset, info >>> 8, info & 0xff, at));
        }
    }

    private int width(int type, int at) throws GuestException {
        return switch (type) {
            case Elf.R_386_NONE -> 0;
            case Elf.R_386_16, Elf.R_386_PC16 -> 2;
            case Elf.R_386_32, Elf.R_386_PC32, Elf.R_386_PLT32 -> 4;
            default -> throw in.fail(at + 4, "relocation type " + type + " (compile with -fno-pic)");
        };
    }

    private ElfSection linked(ElfSection from, int type, String what) throws GuestException {
        if (from.link() <= 0
                || from.link() >= sections.size()
                || sections.get(from.link()).type() != type) {
            throw in.fail(from.headerOffset() + 24, "section " + from.name() + " names no " + what);
        }
        return sections.get(from.link());
    }

    private void readSegments() throws GuestException {
        long table = in.u32(28);
        int count = in.u16(44);
        if (count == 0 || in.u16(42) != Elf.PROGRAM_BYTES) {
            throw in.fail(42, "an executable without program headers");
        }
        in.require(table, (long) count * Elf.PROGRAM_BYTES, "program header table");
        for (int i = 0; i < count; i++) {
            int at = (int) table + i * Elf.PROGRAM_BYTES;
            if (in.i32(at) == Elf.PT_LOAD && in.i32(at + 20) != 0) {
                segments.add(segment(at));
            }
        }
    }

    private ElfSegment segment(int at) throws GuestException {
        long fileBytes = in.u32(at + 16);
        long memoryBytes = in.u32(at + 20);
        in.require(in.u32(at + 4), fileBytes, "segment");
        if (memoryBytes > Elf.IMAGE_BYTES_MAX || fileBytes > memoryBytes) {
            throw in.fail(at + 16, "segment of " + fileBytes + " bytes in the file and " + memoryBytes + " in memory");
        }
        if (in.u32(at + 12) + memoryBytes > 1L << 32) {
            throw in.fail(at + 12, "segment reaches beyond 4 GiB");
        }
        return new ElfSegment(in.i32(at + 4), in.i32(at + 8), in.i32(at + 12), (int) fileBytes, (int) memoryBytes);
    }
}
