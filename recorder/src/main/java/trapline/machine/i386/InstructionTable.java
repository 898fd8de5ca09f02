package trapline.machine.i386;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Alu;
import trapline.machine.tape.MachineListener;

/**
 * Every instruction that the machine knows, once: opcode, AT&amp;T mnemonic, operands, properties, behaviour. The decoder,
 * the {@link Disassembler} and the list of what is supported are driven by it.
 *
 * <p>Opcodes: {@code /n} is ModRM.reg; {@code +r} stands for eight opcodes with a register in the low three bits, {@code
 * +c} for sixteen with a condition. Operands, destination first, as in Intel SDM vol. 2 appendix A: E register or memory by
 * ModRM, G register by ModRM, M memory only, I immediate (s: byte sign-extended, 1: the constant), J relative target, O
 * offset without ModRM, A far pointer, S segment register, R with C/D control or debug register, Z register in the opcode;
 * b, w, d, v, z are the sizes byte, word, dword, by operand size. Lower-case {@code x} operands are implied by the
 * mnemonic.
 */
public final class InstructionTable {
    private static final Row[] EMPTY = new Row[0];
    private static final Row[][] ONE_BYTE = new Row[256][];
    private static final Row[][] TWO_BYTE = new Row[256][];
    private static final List<Row> ALL = new ArrayList<>();

    /** What raises #UD. */
    static final Row UNDEFINED = undefined("", "(bad)");

    static {
        Arrays.fill(ONE_BYTE, EMPTY);
        Arrays.fill(TWO_BYTE, EMPTY);
        arithmetic();
        shiftsAndBits();
        moves();
        stack();
        control();
        strings();
        flags();
        system();
        absent();
    }

    private InstructionTable() {}

    /**
     * A row for those who list or count what the machine supports.
     *
     * @param opcode in the notation of the table, e.g. {@code 0f ba /4}
     * @param mnemonic AT&amp;T mnemonic without size suffix; {@code (bad)} for opcodes that this processor answers with #UD
     * @param operands destination first, in the notation of the table, separated by commas
     */
    public record Entry(String opcode, String mnemonic, String operands) {
        /** Whether the processor has it; if not, it raises #UD. */
        public boolean isDefined() {
            return !mnemonic.equals("(bad)");
        }
    }

    /** Every row that is declared, in the order of declaration; the same opcode stands in one row only. */
    public static List<Entry> entries() {
        return ALL.stream().map(InstructionTable::entry).toList();
    }

    /**
     * The row that an instruction belongs to. Forms that raise #UD though their opcode has a row (LOCK where it is not
     * allowed, a register where memory is needed, a free ModRM.reg) belong to a row without opcode.
     *
     * @param bytes from its first prefix on; at most 15 are looked at
     * @param big whether the code segment is a 32-bit one
     * @return null if the bytes end before the instruction does
     */
    public static @Nullable Entry entryOf(byte[] bytes, boolean big) {
        Decoded found = new Decoder().parse(bytes, Math.min(bytes.length, Decoder.BYTES_MAX), 0, big, true);
        return found == null ? null : entry(found.row);
    }

    private static Entry entry(Row row) {
        String mnemonic = row.mnemonic.replaceAll("[?!]$|\\|.*", "");
        return new Entry(row.opcode, mnemonic, String.join(",", row.operands));
    }

    /** The rows of a one-byte opcode: none, one, or eight by ModRM.reg. */
    static Row[] oneByte(int opcode) {
        return ONE_BYTE[opcode];
    }

    /** As {@link #oneByte}, after 0x0f. */
    static Row[] twoByte(int opcode) {
        return TWO_BYTE[opcode];
    }

    /** All rows in the order in which they are declared. */
    static List<Row> all() {
        return Collections.unmodifiableList(ALL);
    }

    static Row undefined(String opcode, String mnemonic) {
        return new Row(opcode, mnemonic, "", "end", d -> new Operation(d, Control.undefined()));
    }

    private static void arithmetic() {
        String[] names = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};
        for (int op = 0; op < 8; op++) {
            int at = op * 8;
            String m = names[op] + "?";
            String lock = op == Alu.CMP ? "alu" : "alu lock";
            make(hex(at), m, "Eb,Gb", lock, Arithmetic.rmReg(op));
            make(hex(at + 1), m, "Ev,Gv", lock, Arithmetic.rmReg(op));
            make(hex(at + 2), m, "Gb,Eb", "alu", Arithmetic.regRm(op));
            make(hex(at + 3), m, "Gv,Ev", "alu", Arithmetic.regRm(op));
            make(hex(at + 4), m, "AL,Ib", "alu", Arithmetic.accumulator(op));
            make(hex(at + 5), m, "eAX,Iz", "alu", Arithmetic.accumulator(op));
            make("80 /" + op, m, "Eb,Ib", lock, Arithmetic.rmImmediate(op));
            make("81 /" + op, m, "Ev,Iz", lock, Arithmetic.rmImmediate(op));
            make("82 /" + op, m, "Eb,Ib", lock, Arithmetic.rmImmediate(op));
            make("83 /" + op, m, "Ev,Is", lock, Arithmetic.rmImmediate(op));
        }
        make("84", "test?", "Eb,Gb", "alu", Arithmetic::testRmReg);
        make("85", "test?", "Ev,Gv", "alu", Arithmetic::testRmReg);
        make("a8", "test?", "AL,Ib", "alu", Arithmetic::testAccumulator);
        make("a9", "test?", "eAX,Iz", "alu", Arithmetic::testAccumulator);
        make("40+r", "inc?", "Zv", "alu", Arithmetic::incRegister);
        make("48+r", "dec?", "Zv", "alu", Arithmetic::decRegister);
        both("fe /0", "inc?", "E", "alu lock", Arithmetic::inc);
        both("fe /1", "dec?", "E", "alu lock", Arithmetic::dec);
        for (String test : new String[] {"/0", "/1"}) {
            make("f6 " + test, "test?", "Eb,Ib", "alu", Arithmetic::testRmImmediate);
            make("f7 " + test, "test?", "Ev,Iz", "alu", Arithmetic::testRmImmediate);
        }
        both("f6 /2", "not?", "E", "lock", Arithmetic::not);
        both("f6 /3", "neg?", "E", "alu lock", Arithmetic::neg);
        both("f6 /4", "mul?", "E", "alu", MulDiv::mul);
        both("f6 /5", "imul?", "E", "alu", MulDiv::imul);
        both("f6 /6", "div?", "E", "alu", MulDiv::div);
        both("f6 /7", "idiv?", "E", "alu", MulDiv::idiv);
        row("0f af", "imul?", "Gv,Ev", "alu", MulDiv::imulTwo);
        row("69", "imul?", "Gv,Ev,Iz", "alu", MulDiv::imulThree);
        row("6b", "imul?", "Gv,Ev,Is", "alu", MulDiv::imulThree);
        row("27", "daa", "", "alu", MulDiv::daa);
        row("2f", "das", "", "alu", MulDiv::das);
        row("37", "aaa", "", "alu", MulDiv::aaa);
        row("3f", "aas", "", "alu", MulDiv::aas);
        row("d4", "aam", "Ib", "alu", MulDiv::aam);
        row("d5", "aad", "Ib", "alu", MulDiv::aad);
        bothG("0f b0", "cmpxchg?", "alu lock", Arithmetic::cmpxchg);
        bothG("0f c0", "xadd?", "alu lock", Arithmetic::xadd);
        row("0f c7 /1", "cmpxchg8b", "Mq", "alu lock", Arithmetic::cmpxchg8b);
    }

    private static void shiftsAndBits() {
        String[] names = {"rol", "ror", "rcl", "rcr", "shl", "shr", "shl", "sar"};
        for (int op = 0; op < 8; op++) {
            String m = names[op] + "?";
            make("c0 /" + op, m, "Eb,Ib", "", BitOps.shiftImmediate(op));
            make("c1 /" + op, m, "Ev,Ib", "", BitOps.shiftImmediate(op));
            make("d0 /" + op, m, "Eb,I1", "", BitOps.shiftImmediate(op));
            make("d1 /" + op, m, "Ev,I1", "", BitOps.shiftImmediate(op));
            row("d2 /" + op, m, "Eb,CL", "", BitOps.shiftByCl(op));
            row("d3 /" + op, m, "Ev,CL", "", BitOps.shiftByCl(op));
        }
        row("0f a4", "shld?", "Ev,Gv,Ib", "", BitOps::shldImmediate);
        row("0f a5", "shld?", "Ev,Gv,CL", "", BitOps::shldByCl);
        row("0f ac", "shrd?", "Ev,Gv,Ib", "", BitOps::shrdImmediate);
        row("0f ad", "shrd?", "Ev,Gv,CL", "", BitOps::shrdByCl);
        String[] tests = {"bt", "bts", "btr", "btc"};
        for (int op = 0; op < 4; op++) {
            String lock = op == BitOps.BT ? "alu" : "alu lock";
            row("0f " + hex(0xa3 + 8 * op), tests[op] + "?", "Ev,Gv", lock, BitOps.testRegister(op));
            row("0f ba /" + (4 + op), tests[op] + "?", "Ev,Ib", lock, BitOps.testImmediate(op));
        }
        row("0f bc", "bsf?", "Gv,Ev", "alu", BitOps::bsf);
        row("0f bd", "bsr?", "Gv,Ev", "alu", BitOps::bsr);
    }

    private static void moves() {
        make("88", "mov?", "Eb,Gb", "", Moves::rmReg);
        make("89", "mov?", "Ev,Gv", "", Moves::rmReg);
        make("8a", "mov?", "Gb,Eb", "", Moves::regRm);
        make("8b", "mov?", "Gv,Ev", "", Moves::regRm);
        make("c6 /0", "mov?", "Eb,Ib", "", Moves::rmImmediate);
        make("c7 /0", "mov?", "Ev,Iz", "", Moves::rmImmediate);
        make("b0+r", "mov?", "Zb,Ib", "", Moves::regImmediate);
        make("b8+r", "mov?", "Zv,Iz", "", Moves::regImmediate);
        row("a0", "mov?", "AL,Ob", "", Moves::loadAccumulator);
        row("a1", "mov?", "eAX,Ov", "", Moves::loadAccumulator);
        row("a2", "mov?", "Ob,AL", "", Moves::storeAccumulator);
        row("a3", "mov?", "Ov,eAX", "", Moves::storeAccumulator);
        make("8d", "lea?", "Gv,Mx", "", Moves::lea);
        bothG("86", "xchg?", "lock", Moves::xchg);
        row("90", "nop|xchg %ax,%ax", "", "", SystemOps::nop);
        row("91+x", "xchg?", "Zv,eAX", "", Moves::xchgAccumulator);
        row("0f b6", "movzb!", "Gv,Eb", "", Moves::movzxByte);
        row("0f b7", "movzw!", "Gv,Ew", "", Moves::movzxWord);
        row("0f be", "movsb!", "Gv,Eb", "", Moves::movsxByte);
        row("0f bf", "movsw!", "Gv,Ew", "", Moves::movsxWord);
        row("98", "cwtl|cbtw", "", "", Moves::cbw);
        row("99", "cltd|cwtd", "", "", Moves::cwd);
        row("0f c8+r", "bswap", "Zv", "", Moves::bswap);
        row("d7", "xlat", "Xx", "", Moves::xlat);
        row("0f 40+c", "cmov", "Gv,Ev", "", Moves::cmov);
        row("0f 90+c", "set", "Eb", "modrm", Moves::setcc);
        row("d6", "salc", "", "", Moves::salc);
        row("8c", "mov", "Ev,Sw", "", Moves::fromSegment);
        row("8e", "mov", "Sw,Ev", "end", Moves::toSegment);
        row("c4", "les", "Gv,Mp", "end", Moves.loadFar(Cpu.ES));
        row("c5", "lds", "Gv,Mp", "end", Moves.loadFar(Cpu.DS));
        row("0f b2", "lss", "Gv,Mp", "end", Moves.loadFar(Cpu.SS));
        row("0f b4", "lfs", "Gv,Mp", "end", Moves.loadFar(Cpu.FS));
        row("0f b5", "lgs", "Gv,Mp", "end", Moves.loadFar(Cpu.GS));
    }

    private static void stack() {
        make("50+r", "push?", "Zv", "", Stack::pushRegister);
        make("58+r", "pop?", "Zv", "", Stack::popRegister);
        row("68", "push?", "Iz", "", Stack::pushImmediate);
        row("6a", "push?", "Is", "", Stack::pushImmediate);
        row("ff /6", "push?", "Ev", "", Stack::pushRm);
        row("8f /0", "pop?", "Ev", "", Stack::popRm);
        String[] opcodes = {"06", "0e", "16", "1e", "0f a0", "0f a8"};
        String[] names = {"ES", "CS", "SS", "DS", "FS", "GS"};
        String[] popCodes = {"07", "", "17", "1f", "0f a1", "0f a9"};
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            row(opcodes[s], "push?", names[s], "", Stack.pushSegment(s));
            if (s != Cpu.CS) {
                row(popCodes[s], "pop?", names[s], "end", Stack.popSegment(s));
            }
        }
        row("60", "pusha?", "", "", Stack::pusha);
        row("61", "popa?", "", "", Stack::popa);
        row("c8", "enter?", "Iw,Ib", "", Stack::enter);
        row("c9", "leave?", "", "", Stack::leave);
    }

    private static void control() {
        make("70+c", "j", "Jb", "end", Control::jcc);
        make("0f 80+c", "j", "Jz", "end", Control::jcc);
        make("eb", "jmp?", "Jb", "end", Control::jmp);
        make("e9", "jmp?", "Jz", "end", Control::jmp);
        make("e8", "call?", "Jz", "end", Control::call);
        make("c3", "ret?", "", "ret", Control::ret);
        make("c2", "ret?", "Iw", "ret", Control::ret);
        row("ff /2", "call?", "*Ev", "end", Control::callRm);
        row("ff /4", "jmp?", "*Ev", "end", Control::jmpRm);
        row("9a", "lcall?", "Ap", "end", Control::callFar);
        row("ea", "ljmp?", "Ap", "end", Control::jmpFar);
        row("ff /3", "lcall?", "*Mp", "end", Control::callFarMemory);
        row("ff /5", "ljmp?", "*Mp", "end", Control::jmpFarMemory);
        row("cb", "lret?", "", "ret", Control::retFar);
        row("ca", "lret?", "Iw", "ret", Control::retFar);
        row("e0", "loopne", "Jb", "end", Control::loop);
        row("e1", "loope", "Jb", "end", Control::loop);
        row("e2", "loop", "Jb", "end", Control::loop);
        row("e3", "jecxz|jcxz", "Jb", "end", Control::loop);
        row("cc", "int3", "", "end", Control::int3);
        row("cd", "int", "Ib", "end", Control::intN);
        row("ce", "into", "", "end", Control::into);
        row("f1", "int1", "", "end", Control::icebp);
        row("cf", "iret?", "", "end", Control::iret);
        row("62", "bound?", "Gv,Ma", "", Control::bound);
    }

    private static void strings() {
        string("a4", "movs?", "Y,X", "", Strings::movs);
        string("a6", "cmps?", "X,Y", "", Strings::cmps);
        string("aa", "stos?", "Y,A", "", Strings::stos);
        string("ac", "lods?", "A,X", "", Strings::lods);
        string("ae", "scas?", "A,Y", "", Strings::scas);
        string("6c", "ins?", "Y,DX", "end", Strings::ins);
        string("6e", "outs?", "DX,X", "end", Strings::outs);
    }

    private static void flags() {
        row("f8", "clc", "", "", FlagOps.told(MachineListener.CAUSE_CARRY, FlagOps::clc));
        row("f9", "stc", "", "", FlagOps.told(MachineListener.CAUSE_CARRY, FlagOps::stc));
        row("f5", "cmc", "", "", FlagOps.told(MachineListener.CAUSE_CARRY, FlagOps::cmc));
        row("fc", "cld", "", "end", FlagOps.told(MachineListener.CAUSE_CLD_STD, FlagOps::cld));
        row("fd", "std", "", "end", FlagOps.told(MachineListener.CAUSE_CLD_STD, FlagOps::std));
        row("fa", "cli", "", "end", FlagOps.told(MachineListener.CAUSE_STI_CLI, FlagOps::cli));
        row("fb", "sti", "", "end", FlagOps.told(MachineListener.CAUSE_STI_CLI, FlagOps::sti));
        row("9c", "pushf?", "", "", FlagOps::pushf);
        row("9d", "popf?", "", "end", FlagOps.told(MachineListener.CAUSE_POPF, FlagOps::popf));
        row("9e", "sahf", "", "", FlagOps.told(MachineListener.CAUSE_SAHF, FlagOps::sahf));
        row("9f", "lahf", "", "", FlagOps::lahf);
    }

    private static void system() {
        row("f4", "hlt", "", "end", SystemOps::hlt);
        row("0f 06", "clts", "", "", SystemOps::clts);
        row("0f 08", "invd", "", "", SystemOps::cacheControl);
        row("0f 09", "wbinvd", "", "", SystemOps::cacheControl);
        row("0f a2", "cpuid", "", "", SystemOps::cpuid);
        row("0f 31", "rdtsc", "", "alone", SystemOps::rdtsc);
        row("0f 32", "rdmsr", "", "alone", (c, o) -> ModelRegisters.read(c));
        row("0f 30", "wrmsr", "", "alone end", (c, o) -> ModelRegisters.write(c));
        row(
                "0f 34",
                "sysenter",
                "",
                "end",
                FlagOps.told(MachineListener.CAUSE_GATE, (c, o) -> ModelRegisters.sysenter(c)));
        row("0f 35", "sysexit", "", "end", (c, o) -> ModelRegisters.sysexit(c));
        row("0f ae /0", "fxsave", "M", "", FloatingPoint::extended);
        row("0f ae /1", "fxrstor", "M", "end", FloatingPoint::extended);
        row("0f 20", "mov", "Rd,Cd", "end", SystemOps::fromControl);
        row("0f 22", "mov", "Cd,Rd", "end", SystemOps::toControl);
        row("0f 21", "mov", "Rd,Dd", "end", SystemOps::fromDebug);
        row("0f 23", "mov", "Dd,Rd", "end", SystemOps::toDebug);
        row("0f 01 /0", "sgdt?", "Ms", "", SystemOps::sgdt);
        row("0f 01 /1", "sidt?", "Ms", "", SystemOps::sidt);
        row("0f 01 /2", "lgdt?", "Ms", "end", SystemOps::lgdt);
        row("0f 01 /3", "lidt?", "Ms", "end", SystemOps::lidt);
        row("0f 01 /4", "smsw", "Ev", "", SystemOps::smsw);
        row("0f 01 /6", "lmsw", "Ew", "end", SystemOps::lmsw);
        row("0f 01 /7", "invlpg", "Mb", "end", SystemOps::invlpg);
        row("0f 00 /0", "sldt", "Ev", "", SystemOps::sldt);
        row("0f 00 /1", "str", "Ev", "", SystemOps::str);
        row("0f 00 /2", "lldt", "Ew", "end", SystemOps::lldt);
        row("0f 00 /3", "ltr", "Ew", "end", SystemOps::ltr);
        row("0f 00 /4", "verr", "Ew", "alu", SystemOps::verr);
        row("0f 00 /5", "verw", "Ew", "alu", SystemOps::verw);
        row("0f 02", "lar", "Gv,Ev", "alu", SystemOps::lar);
        row("0f 03", "lsl", "Gv,Ev", "alu", SystemOps::lsl);
        row("63", "arpl", "Ew,Gw", "alu", SystemOps::arpl);
        row("e4", "in", "AL,Ib", "end alone", SystemOps::inImmediate);
        row("e5", "in", "eAX,Ib", "end alone", SystemOps::inImmediate);
        row("ec", "in", "AL,DX", "end alone", SystemOps::inDx);
        row("ed", "in", "eAX,DX", "end alone", SystemOps::inDx);
        row("e6", "out", "Ib,AL", "end alone", SystemOps::outImmediate);
        row("e7", "out", "Ib,eAX", "end alone", SystemOps::outImmediate);
        row("ee", "out", "DX,AL", "end alone", SystemOps::outDx);
        row("ef", "out", "DX,eAX", "end alone", SystemOps::outDx);
        String[] prefetches = {"prefetchnta", "prefetcht0", "prefetcht1", "prefetcht2"};
        for (int op = 0; op < 8; op++) {
            row("0f 18 /" + op, op < 4 ? prefetches[op] : "nop?", "Ev", "", SystemOps::nop);
        }
        for (int opcode = 0x19; opcode <= 0x1f; opcode++) {
            row("0f " + hex(opcode), "nop?", "Ev", "modrm", SystemOps::nop);
        }
        row("9b", "fwait", "", "", FloatingPoint::fwait);
        for (int opcode = 0xd8; opcode <= 0xdf; opcode++) {
            row(hex(opcode), "x87", "", "modrm end", FloatingPoint::execute);
        }
    }

    /** What this processor (see {@link Identification}) does not have and hardware answers with #UD: MMX, SSE, MSRs, … */
    private static void absent() {
        add(undefined("0f 0b", "ud2"));
        add(undefined("0f b9", "ud1"));
        add(undefined("0f ff", "ud0"));
        int[][] ranges = {
            {0x04, 0x05},
            {0x07, 0x07},
            {0x0a, 0x0a},
            {0x0c, 0x17},
            {0x24, 0x2f},
            {0x33, 0x33},
            {0x36, 0x3f},
            {0x50, 0x7f},
            {0xa6, 0xa7},
            {0xaa, 0xaa},
            {0xb8, 0xb8},
            {0xc2, 0xc6},
            {0xd0, 0xfe}
        };
        for (int[] range : ranges) {
            for (int opcode = range[0]; opcode <= range[1]; opcode++) {
                add(undefined("0f " + hex(opcode), "(bad)"));
            }
        }
    }

    // ---- how rows are written down ----

    private static String hex(int opcode) {
        return String.format("%02x", opcode);
    }

    private static void row(String opcode, String mnemonic, String operands, String properties, Operation.Action a) {
        make(opcode, mnemonic, operands, properties, d -> new Operation(d, a));
    }

    /** A byte form and, one opcode up, the word and dword form. */
    private static void both(String opcode, String m, String operand, String properties, Operation.Action a) {
        row(opcode, m, operand + "b", properties, a);
        row(oneUp(opcode), m, operand + "v", properties, a);
    }

    private static void bothG(String opcode, String m, String properties, Operation.Action a) {
        row(opcode, m, "Eb,Gb", properties, a);
        row(oneUp(opcode), m, "Ev,Gv", properties, a);
    }

    private static void string(String opcode, String m, String operands, String properties, Operation.Action a) {
        row(opcode, m, sized(operands, "b", "AL"), properties, a);
        row(oneUp(opcode), m, sized(operands, "v", "eAX"), properties, a);
    }

    /** X and Y take the size, A is the accumulator of that size, DX stays. */
    private static String sized(String operands, String size, String accumulator) {
        StringBuilder result = new StringBuilder();
        for (String operand : operands.split(",", -1)) {
            String full = operand.equals("A") ? accumulator : operand.equals("DX") ? operand : operand + size;
            result.append(result.length() == 0 ? "" : ",").append(full);
        }
        return result.toString();
    }

    private static String oneUp(String opcode) {
        String[] parts = opcode.split(" ", -1);
        int last = parts[parts.length - 1].startsWith("/") ? parts.length - 2 : parts.length - 1;
        parts[last] = hex(Integer.parseInt(parts[last], 16) + 1);
        return String.join(" ", parts);
    }

    private static void make(String opcode, String mnemonic, String operands, String properties, Row.Factory factory) {
        add(new Row(opcode, mnemonic, operands, properties, factory));
    }

    private static void add(Row row) {
        ALL.add(row);
        String opcode = row.opcode;
        boolean two = opcode.startsWith("0f ");
        Row[][] map = two ? TWO_BYTE : ONE_BYTE;
        String rest = two ? opcode.substring(3) : opcode;
        int first = Integer.parseInt(rest.substring(0, 2), 16);
        int extension = rest.indexOf('/');
        if (extension >= 0) {
            if (map[first].length == 0) {
                map[first] = new Row[8];
                Arrays.fill(map[first], UNDEFINED);
            }
            map[first][rest.charAt(extension + 1) - '0'] = row;
            return;
        }
        int count = rest.endsWith("+r") ? 8 : rest.endsWith("+c") ? 16 : rest.endsWith("+x") ? 7 : 1;
        for (int i = 0; i < count; i++) {
            map[first + i] = new Row[] {row};
        }
    }
}
