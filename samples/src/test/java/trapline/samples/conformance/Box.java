package trapline.samples.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;
import trapline.machine.i386.Cpu;
import trapline.machine.tape.MachineListener;

/**
 * A machine that has booted {@code guests/box.S}: paging, segments and gates as README.md describes the box. It enters
 * cases by the box's own IRET and stops where the trap they end with arrives.
 */
final class Box {
    static final int CODE = 0x201800;
    static final int STACK = 0x221800;

    /** Pages a case may write, as start and end. */
    private static final int[][] WRITABLE = {
        {0x8000, 0xa000}, {0xf000, 0x11000}, {0x211000, 0x213000}, {0x221000, 0x223000},
    };

    private static final int READ_ONLY = 0x213000;
    private static final int CODE_PAGES = 0x201000;
    private static final int STACK0 = 0x118000;
    private static final int SIGNPOSTS = 0x100010;
    /** GS FS ES DS, the eight of PUSHA, vector, error code; then EIP CS EFLAGS ESP SS. */
    private static final int FRAME_BYTES = 76;

    private final Machine machine = new Machine(4 << 20, 1);
    private final Cpu cpu = machine.cpu(0);
    private final int trapped;
    private final int resume;
    private final byte[] background = new byte[0x230000];

    Box() throws IOException {
        int entry = load(machine, Files.readAllBytes(CorpusTables.FOLDER.resolve(Path.of("guests", "box.elf"))));
        machine.startMultiboot(entry, 0);
        int finished = machine.memory().dword(SIGNPOSTS);
        trapped = machine.memory().dword(SIGNPOSTS + 4);
        resume = machine.memory().dword(SIGNPOSTS + 8);
        machine.stopBefore(finished);
        expectStop(machine.run(Scheduler.roundRobin(1000), 10_000_000));
        machine.clearStop(finished);
        machine.stopBefore(trapped);
        for (int a = 0; a < background.length; a++) {
            background[a] = (byte) (a * 5 + (a >>> 8) * 3);
        }
    }

    /** Puts the segments of an ELF file into RAM; returns its entry point. */
    static int load(Machine machine, byte[] elf) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        int headers = file.getInt(28);
        for (int i = 0; i < file.getShort(44); i++) {
            int header = headers + 32 * i;
            if (file.getInt(header) == 1) {
                int offset = file.getInt(header + 4);
                machine.memory()
                        .load(
                                file.getInt(header + 12),
                                Arrays.copyOfRange(elf, offset, offset + file.getInt(header + 16)));
            }
        }
        return file.getInt(24);
    }

    Machine machine() {
        return machine;
    }

    /** Lays bytes over the box's memory; what is not writable for the case is left alone, unless it is code. */
    void store(int address, byte[] bytes, boolean isCode) {
        int from = 0;
        while (from < bytes.length) {
            int to = from;
            while (to < bytes.length && isStorable(address + to, isCode)) {
                to++;
            }
            if (to > from) {
                machine.poke(0, address + from, Arrays.copyOfRange(bytes, from, to), MachineListener.BY_DEBUGGER);
            }
            from = to + 1;
        }
    }

    private static boolean isStorable(int address, boolean isCode) {
        if (isCode) {
            return address >= CODE_PAGES && address < CODE_PAGES + 0x2000;
        }
        for (int[] range : WRITABLE) {
            if (address >= range[0] && address < range[1]) {
                return true;
            }
        }
        return false;
    }

    /** Background bytes of a range of the box. */
    byte[] background(int address, int size) {
        return Arrays.copyOfRange(background, address, address + size);
    }

    /** What a case may have changed: writable page ranges, as start and end. */
    static int[][] writable() {
        return WRITABLE.clone();
    }

    static boolean isReadOnly(int address) {
        return address >= READ_ONLY && address < READ_ONLY + 0x1000;
    }

    byte[] read(int address, int size) {
        return machine.peek(0, address, size);
    }

    /** Enters ring 3 in that state and runs until a trap; {@code state} then holds what the trap pushed. */
    Trap enter(BoxState state) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(state.seg[Cpu.GS])
                .putInt(state.seg[Cpu.FS])
                .putInt(state.seg[Cpu.ES])
                .putInt(state.seg[Cpu.DS]);
        for (int i = 7; i >= 0; i--) {
            frame.putInt(state.reg[i]);
        }
        frame.putInt(0).putInt(0);
        frame.putInt(state.eip).putInt(state.seg[Cpu.CS]).putInt(state.eflags);
        frame.putInt(state.reg[Cpu.ESP]).putInt(state.seg[Cpu.SS]);
        machine.memory().load(STACK0 - FRAME_BYTES, frame.array());
        cpu.setReg(Cpu.ESP, STACK0 - FRAME_BYTES);
        cpu.setEip(resume);
        cpu.setEflags(2);
        expectStop(machine.run(Scheduler.roundRobin(1000), 1000));
        return trap(state);
    }

    private Trap trap(BoxState state) {
        for (int i = 0; i < 8; i++) {
            state.reg[i] = cpu.reg(i);
        }
        int frame = cpu.reg(Cpu.ESP);
        state.eip = machine.memory().dword(frame + 8);
        state.eflags = machine.memory().dword(frame + 16);
        for (int s : new int[] {Cpu.ES, Cpu.DS, Cpu.FS, Cpu.GS}) {
            state.seg[s] = cpu.selector(s);
        }
        state.seg[Cpu.CS] = machine.memory().dword(frame + 12) & 0xffff;
        state.reg[Cpu.ESP] = machine.memory().dword(frame + 20);
        state.seg[Cpu.SS] = machine.memory().dword(frame + 24) & 0xffff;
        return new Trap(machine.memory().dword(frame), machine.memory().dword(frame + 4), cpu.cr(2));
    }

    private static void expectStop(RunResult result) {
        if (result.reason() != EndReason.STOP_ADDRESS) {
            throw new IllegalStateException("the box did not come back: " + result);
        }
    }

    /** A trap that arrived; {@code error} is 0 where the vector has no error code. */
    record Trap(int vector, int error, int cr2) {}
}
