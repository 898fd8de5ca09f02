package trapline.guest;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Source lines by address, from the line tables of linked objects (DWARF 2 to 4, {@code .debug_line}). Objects without
 * one, or with one that makes no sense, have no lines: nothing depends on them but what people read.
 */
public final class SourceLines {

    private static final String SECTION = ".debug_line";
    private static final int RELOCATION_BYTES = 8;
    private static final int VERSION_MIN = 2;
    private static final int VERSION_MAX = 4;

    private final TreeMap<Integer, String> lines = new TreeMap<>(Integer::compareUnsigned);

    private SourceLines() {}

    /**
     * Reads the line tables.
     *
     * @param objects in link order, as for {@link Linker#link}
     * @throws GuestException if the objects cannot be linked
     */
    public static SourceLines of(List<ElfFile> objects) throws GuestException {
        SourceLines result = new SourceLines();
        LinkLayout layout = new LinkLayout(objects);
        LinkSymbols symbols = new LinkSymbols(objects, layout);
        for (int i = 0; i < objects.size(); i++) {
            for (ElfSection section : objects.get(i).sections()) {
                if (section.name().equals(SECTION)) {
                    result.read(relocated(objects.get(i), i, section, symbols));
                }
            }
        }
        return result;
    }

    /**
     * The line of an address.
     *
     * @param address linear address of an instruction
     * @return such as {@code linux-2.6.24.c:37}; empty where none is known
     */
    public String at(long address) {
        Map.Entry<Integer, String> entry = lines.floorEntry((int) address);
        return entry == null ? "" : entry.getValue();
    }

    private static ByteBuffer relocated(ElfFile object, int number, ElfSection section, LinkSymbols symbols)
            throws GuestException {
        byte[] all = object.bytes().all();
        byte[] table = java.util.Arrays.copyOfRange(all, section.offset(), section.offset() + section.size());
        ByteBuffer bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        for (ElfSection relocations : object.sections()) {
            if (relocations.type() == Elf.SHT_REL && relocations.info() == section.index()) {
                ByteBuffer entries = ByteBuffer.wrap(all, relocations.offset(), relocations.size())
                        .order(ByteOrder.LITTLE_ENDIAN);
                while (entries.remaining() >= RELOCATION_BYTES) {
                    int at = entries.position();
                    int place = entries.getInt();
                    int info = entries.getInt();
                    boolean fits = place >= 0 && place <= table.length - 4 && (info & 0xff) == Elf.R_386_32;
                    if (fits && (info >>> 8) < object.symbols().size()) {
                        ElfRelocation relocation =
                                new ElfRelocation(section.index(), place, info >>> 8, info & 0xff, at);
                        bytes.putInt(place, bytes.getInt(place) + symbols.resolve(number, relocation));
                    }
                }
            }
        }
        return bytes;
    }

    private void read(ByteBuffer bytes) {
        try {
            while (bytes.remaining() > 4) {
                int length = bytes.getInt();
                if (length < 0 || length > bytes.remaining()) {
                    return;
                }
                ByteBuffer unit = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.position(bytes.position() + length);
                unit(unit);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // A table that breaks off: what was read stands.
        }
    }

    private void unit(ByteBuffer unit) {
        int version = unit.getShort();
        if (version < VERSION_MIN || version > VERSION_MAX) {
            return;
        }
        int headerLength = unit.getInt();
        int program = unit.position() + headerLength;
        int instructionBytes = unit.get() & 0xff;
        if (version >= 4) {
            unit.get(); // operations of a VLIW instruction: one
        }
        unit.get(); // is_stmt
        int lineBase = unit.get();
        int lineRange = Math.max(1, unit.get() & 0xff);
        int opcodeBase = unit.get() & 0xff;
        byte[] operands = new byte[opcodeBase];
        unit.get(operands, 1, Math.max(0, opcodeBase - 1));
        List<String> files = files(unit);
        unit.position(program);
        new Program(unit, instructionBytes, lineBase, lineRange, opcodeBase, operands, files).run();
    }

    private static List<String> files(ByteBuffer unit) {
        while (!text(unit).isEmpty()) {
            // directories: the catalogue's names are enough
        }
        List<String> files = new ArrayList<>();
        files.add("?");
        for (String name = text(unit); !name.isEmpty(); name = text(unit)) {
            files.add(name.substring(name.lastIndexOf('/') + 1));
            number(unit);
            number(unit);
            number(unit);
        }
        return files;
    }

    private static String text(ByteBuffer bytes) {
        int start = bytes.position();
        while (bytes.get() != 0) {
            // up to the terminating zero
        }
        int length = bytes.position() - 1 - start;
        return StandardCharsets.UTF_8.decode(bytes.slice(start, length)).toString();
    }

    /** An unsigned LEB128 number; more than 32 bits are cut off. */
    private static int number(ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = bytes.get();
            value |= shift < 32 ? (next & 0x7f) << shift : 0;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static int signedNumber(ByteBuffer bytes) {
        int value = 0;
        int shift = 0;
        int next;
        do {
            next = bytes.get();
            value |= shift < 32 ? (next & 0x7f) << shift : 0;
            shift += 7;
        } while (next < 0);
        return shift < 32 && (next & 0x40) != 0 ? value | -1 << shift : value;
    }

    /** The line number program of one unit (DWARF 4 §6.2.5). */
    private final class Program {

        private final ByteBuffer code;
        private final int instructionBytes;
        private final int lineBase;
        private final int lineRange;
        private final int opcodeBase;
        private final byte[] operands;
        private final List<String> files;
        private int address;
        private int file;
        private int line;

        Program(
                ByteBuffer code,
                int instructionBytes,
                int lineBase,
                int lineRange,
                int opcodeBase,
                byte[] operands,
                List<String> files) {
            this.code = code;
            this.instructionBytes = instructionBytes;
            this.lineBase = lineBase;
            this.lineRange = lineRange;
            this.opcodeBase = opcodeBase;
            this.operands = operands;
            this.files = files;
        }

        void run() {
            restart();
            while (code.hasRemaining()) {
                int opcode = code.get() & 0xff;
                if (opcode >= opcodeBase) {
                    special(opcode - opcodeBase);
                    row();
                } else if (opcode == 0) {
                    extended();
                } else {
                    standard(opcode);
                }
            }
        }

        private void restart() {
            address = 0;
            file = 1;
            line = 1;
        }

        private void special(int adjusted) {
            address += adjusted / lineRange * instructionBytes;
            line += lineBase + adjusted % lineRange;
        }

        private void row() {
            lines.put(address, (file >= 0 && file < files.size() ? files.get(file) : "?") + ":" + line);
        }

        private void extended() {
            int length = number(code);
            int end = code.position() + length;
            int opcode = length == 0 ? 0 : code.get();
            if (opcode == 1) {
                // The end of a sequence is the first address behind it: what follows has no line.
                lines.putIfAbsent(address, "");
                restart();
            } else if (opcode == 2) {
                address = code.getInt();
            }
            code.position(end);
        }

        private void standard(int opcode) {
            switch (opcode) {
                case 1 -> row();
                case 2 -> address += number(code) * instructionBytes;
                case 3 -> line += signedNumber(code);
                case 4 -> file = number(code);
                case 8 -> address += (255 - opcodeBase) / lineRange * instructionBytes;
                case 9 -> address += code.getShort() & 0xffff;
                default -> {
                    for (int i = 0; i < operands[opcode]; i++) {
                        number(code);
                    }
                }
            }
        }
    }
}
