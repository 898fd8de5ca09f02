package trapline.guest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes relocatable objects for tests, section by section, so that no test needs a compiler. */
final class ObjectBuilder {

    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    private record Section(String name, int type, int flags, byte[] bytes, int size, int link, int info, int align) {}

    private final List<Section> sections = new ArrayList<>();
    private final ByteArrayOutputStream symbols = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final ByteArrayOutputStream[] relocations = new ByteArrayOutputStream[16];
    private int symbolCount = 1;

    ObjectBuilder() {
        sections.add(new Section("", 0, 0, new byte[0], 0, 0, 0, 0));
        symbols.writeBytes(new byte[Elf.SYMBOL_BYTES]);
        strings.write(0);
    }

    /** Index of the new section. */
    int section(String name, int flags, int align, int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        sections.add(new Section(name, Elf.SHT_PROGBITS, flags, content, content.length, 0, 0, align));
        return sections.size() - 1;
    }

    int zeroSection(String name, int size) {
        int flags = Elf.SHF_ALLOC | Elf.SHF_WRITE;
        sections.add(new Section(name, Elf.SHT_NOBITS, flags, new byte[0], size, 0, 0, 4));
        return sections.size() - 1;
    }

    /** Index of the new symbol. */
    int symbol(String name, int section, int value, int bind) {
        ByteBuffer entry = ByteBuffer.allocate(Elf.SYMBOL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        entry.putInt(name.isEmpty() ? 0 : strings.size()).putInt(value).putInt(4);
        entry.put((byte) (bind << 4)).put((byte) 0).putShort((short) section);
        symbols.writeBytes(entry.array());
        strings.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        strings.write(0);
        return symbolCount++;
    }

    ObjectBuilder relocation(int section, int offset, int symbol, int type) {
        if (relocations[section] == null) {
            relocations[section] = new ByteArrayOutputStream();
        }
        ByteBuffer entry = ByteBuffer.allocate(Elf.RELOCATION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        relocations[section].writeBytes(
                entry.putInt(offset).putInt(symbol << 8 | type).array());
        return this;
    }

    byte[] bytes() {
        List<Section> all = new ArrayList<>(sections);
        int symtab = all.size();
        all.add(new Section(".symtab", Elf.SHT_SYMTAB, 0, symbols.toByteArray(), symbols.size(), symtab + 1, 0, 4));
        all.add(new Section(".strtab", Elf.SHT_STRTAB, 0, strings.toByteArray(), strings.size(), 0, 0, 1));
        for (int i = 0; i < relocations.length; i++) {
            if (relocations[i] != null) {
                byte[] content = relocations[i].toByteArray();
                all.add(new Section(".rel" + i, Elf.SHT_REL, 0, content, content.length, symtab, i, 4));
            }
        }
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        int[] nameOffsets = new int[all.size() + 1];
        for (int i = 0; i < all.size(); i++) {
            nameOffsets[i] = names.size();
            names.writeBytes((all.get(i).name + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        nameOffsets[all.size()] = names.size();
        names.writeBytes(".shstrtab\0".getBytes(StandardCharsets.US_ASCII));
        all.add(new Section(".shstrtab", Elf.SHT_STRTAB, 0, names.toByteArray(), names.size(), 0, 0, 1));
        return layOut(all, nameOffsets);
    }

    private static byte[] layOut(List<Section> all, int[] nameOffsets) {
        int table = Elf.HEADER_BYTES;
        int content = table + all.size() * Elf.SECTION_BYTES;
        int end = content + all.stream().mapToInt(s -> s.bytes.length).sum();
        ByteBuffer out = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(Elf.MAGIC).putInt(Elf.CLASS_32_LITTLE_ENDIAN).position(16);
        out.putShort((short) Elf.TYPE_RELOCATABLE)
                .putShort((short) Elf.MACHINE_386)
                .putInt(1);
        out.putInt(0).putInt(0).putInt(table).putInt(0).putShort((short) Elf.HEADER_BYTES);
        out.putShort((short) 0).putShort((short) 0).putShort((short) Elf.SECTION_BYTES);
        out.putShort((short) all.size()).putShort((short) (all.size() - 1));
        for (int i = 0; i < all.size(); i++) {
            Section s = all.get(i);
            out.putInt(nameOffsets[i]).putInt(s.type).putInt(s.flags).putInt(0).putInt(i == 0 ? 0 : content);
            out.putInt(s.size).putInt(s.link).putInt(s.info).putInt(s.align).putInt(0);
            int next = out.position();
            out.position(content).put(s.bytes).position(next);
            content += s.bytes.length;
        }
        return out.array();
    }
}
