package trapline.machine.i386;

import org.jspecify.annotations.Nullable;

/** Bytes to instructions, driven by the {@link InstructionTable} (Intel SDM vol. 2 chapter 2). */
final class Decoder {
    /** The longest instruction the processor accepts. */
    static final int BYTES_MAX = 15;

    private static final Row INVALID_LOCK = InstructionTable.undefined("f0", "lock");

    private byte[] bytes = new byte[0];
    private int available;
    private int at;
    /** Ran out of bytes. */
    private boolean tooShort;

    private int immediates;
    private final Decoded d = new Decoded();

    /** The instruction at the start of {@code bytes}, or null if it goes on after {@code count} bytes. */
    @Nullable Instruction decode(byte[] from, int count, int eip, boolean big, boolean flat) {
        Decoded found = parse(from, count, eip, big, flat);
        return found == null ? null : found.row.factory.create(found);
    }

    /** The fields of the instruction, valid until the next call; null if it goes on after {@code count} bytes. */
    @Nullable Decoded parse(byte[] from, int count, int eip, boolean big, boolean flat) {
        bytes = from;
        available = count;
        at = 0;
        tooShort = false;
        immediates = 0;
        d.reset();
        d.eip = eip;
        d.big = big;
        d.flat = flat;
        boolean addressOverride = prefixes();
        d.operandSize = big != d.operandOverride ? 4 : 2;
        d.narrow = big == addressOverride;
        d.row = row();
        if (d.row.hasModRm || d.hasModRm) {
            modRm();
        }
        d.size = d.row.fixedSize != 0 ? d.row.fixedSize : d.operandSize;
        for (String operand : d.row.operands) {
            immediate(operand);
        }
        if (tooShort || at > available) {
            return null;
        }
        d.next = eip + at; // not wrapped at 64 KiB in 16-bit code either: the limit check catches it
        validate();
        if (d.segmentOverride >= 0) {
            d.segment = d.segmentOverride;
        }
        return d;
    }

    int length() {
        return at;
    }

    private void validate() {
        boolean badLock = d.lock && (!d.row.isLockable || d.isRegister);
        if (badLock) {
            d.row = INVALID_LOCK;
        } else if (d.row.needsMemory() && d.isRegister) {
            d.row = InstructionTable.UNDEFINED;
        }
    }

    private int next() {
        if (at >= available) {
            tooShort = true;
            at++;
            return 0;
        }
        return bytes[at++] & 0xff;
    }

    private int peek(int offset) {
        if (at + offset >= available) {
            tooShort = true;
            return 0;
        }
        return bytes[at + offset] & 0xff;
    }

    private int word() {
        int low = next();
        return low | (next() << 8);
    }

    private int dword() {
        int low = word();
        return low | (word() << 16);
    }

    /** Consumes the prefixes; returns whether there was an address-size prefix. */
    private boolean prefixes() {
        boolean address = false;
        while (!tooShort) {
            switch (peek(0)) {
                case 0x26 -> d.segmentOverride = Cpu.ES;
                case 0x2e -> d.segmentOverride = Cpu.CS;
                case 0x36 -> d.segmentOverride = Cpu.SS;
                case 0x3e -> d.segmentOverride = Cpu.DS;
                case 0x64 -> d.segmentOverride = Cpu.FS;
                case 0x65 -> d.segmentOverride = Cpu.GS;
                case 0x66 -> d.operandOverride = true;
                case 0x67 -> address = true;
                case 0xf0 -> d.lock = true;
                case 0xf2, 0xf3 -> d.repeat = peek(0);
                default -> {
                    return address;
                }
            }
            at++;
        }
        return address;
    }

    private Row row() {
        int first = next();
        d.opcode = first;
        Row[] rows;
        if (first == 0x0f) {
            d.opcode = next();
            rows = InstructionTable.twoByte(d.opcode);
        } else {
            rows = InstructionTable.oneByte(first);
        }
        if (rows.length == 0) {
            return Row.NONE;
        }
        if (rows.length == 1) {
            return rows[0];
        }
        d.hasModRm = true;
        return rows[(peek(0) >> 3) & 7];
    }

    private void modRm() {
        d.hasModRm = true;
        int modRm = next();
        int mod = modRm >> 6;
        d.reg = (modRm >> 3) & 7;
        d.rm = modRm & 7;
        d.isRegister = mod == 3 || d.row.ignoresMod;
        if (d.isRegister) {
            return;
        }
        if (d.narrow) {
            address16(mod);
        } else {
            address32(mod);
        }
    }

    private void address16(int mod) {
        switch (d.rm) {
            case 0, 1 -> {
                d.base = Cpu.EBX;
                d.index = d.rm == 0 ? Cpu.ESI : Cpu.EDI;
            }
            case 2, 3 -> {
                d.base = Cpu.EBP;
                d.index = d.rm == 2 ? Cpu.ESI : Cpu.EDI;
            }
            case 4 -> d.base = Cpu.ESI;
            case 5 -> d.base = Cpu.EDI;
            case 6 -> d.base = mod == 0 ? Decoded.NO_REGISTER : Cpu.EBP;
            default -> d.base = Cpu.EBX;
        }
        d.segment = d.base == Cpu.EBP ? Cpu.SS : Cpu.DS;
        displacement(mod == 0 && d.rm == 6 ? 2 : mod);
    }

    private void address32(int mod) {
        boolean absolute = mod == 0 && d.rm == 5;
        if (d.rm == 4) {
            int sib = next();
            d.scale = sib >> 6;
            int index = (sib >> 3) & 7;
            d.index = index == Cpu.ESP ? Decoded.NO_REGISTER : index;
            d.base = sib & 7;
            if (d.base == Cpu.EBP && mod == 0) {
                d.base = Decoded.NO_REGISTER;
                absolute = true;
            }
            d.scaleWritten = d.scale;
            if (d.index == Decoded.NO_REGISTER) {
                d.hasPlaceholder = d.scale != 0 || d.base != Cpu.ESP;
                d.scale = 0;
            }
        } else {
            d.base = absolute ? Decoded.NO_REGISTER : d.rm;
        }
        d.segment = d.base == Cpu.EBP || d.base == Cpu.ESP ? Cpu.SS : Cpu.DS;
        displacement(absolute || mod == 2 ? 4 : mod);
    }

    private void displacement(int size) {
        d.displacementSize = size;
        if (size == 1) {
            d.displacement = (byte) next();
        } else if (size == 2) {
            d.displacement = (short) word();
        } else if (size == 4) {
            d.displacement = dword();
        }
    }

    private void immediate(String operand) {
        switch (operand) {
            case "Ib" -> put(next());
            case "Is", "Jb" -> put((byte) next());
            case "Iw" -> put(word());
            case "Iz" -> put(d.operandSize == 4 ? dword() : word());
            case "Jz" -> put(d.operandSize == 4 ? dword() : (short) word());
            case "I1" -> put(1);
            case "Ap" -> {
                put(d.operandSize == 4 ? dword() : word());
                d.immediate2 = word();
            }
            case "Ob", "Ov" -> d.displacement = d.narrow ? word() : dword();
            case "Zb", "Zv" -> d.reg = d.opcode & 7;
            default -> {}
        }
    }

    /** ENTER alone has two immediates. */
    private void put(int value) {
        if (immediates++ == 0) {
            d.immediate = value;
        } else {
            d.immediate2 = value;
        }
    }
}
