package trapline.samples.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;

/** Puts trap cases into the table of {@code guests/box.S}; the result is a Multiboot ELF that runs them all. */
final class TrapImage {
    static final int IDT = 0x111000;
    static final int TABLE = 0x113000;

    private static final int CASES = 0x140000;
    private static final int CASES_BYTES = 0x40000;
    private static final int NEVER = 0;
    /** Traps that a case may have whose expectation is still to be written. */
    private static final int DRAFT_TRAPS = 24;

    private TrapImage() {}

    /** A case in one ring. */
    record Run(TrapCase test, int ring) {
        @Override
        public String toString() {
            return test + " in ring " + ring;
        }
    }

    /** The ELF file that runs these cases in order. */
    static byte[] build(List<Run> runs) throws IOException {
        byte[] elf = Files.readAllBytes(CorpusTables.FOLDER.resolve("guests").resolve("box.elf"));
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        put(table, runs.size());
        put(table, 0);
        for (Run run : runs) {
            record(table, run);
        }
        if (table.size() > CASES_BYTES) {
            throw new IllegalStateException("the box's table is too small for " + runs.size() + " cases");
        }
        System.arraycopy(table.toByteArray(), 0, elf, fileOffset(elf), table.size());
        return elf;
    }

    private static int fileOffset(byte[] elf) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < file.getShort(44); i++) {
            int header = file.getInt(28) + 32 * i;
            if (file.getInt(header + 8) == CASES) {
                return file.getInt(header + 4);
            }
        }
        throw new IllegalStateException("box.elf has no segment at " + Integer.toHexString(CASES));
    }

    private static void record(ByteArrayOutputStream table, Run run) {
        TrapCase test = run.test();
        BoxState state = test.before;
        put(table, run.ring());
        for (int value : state.reg) {
            put(table, value);
        }
        put(table, state.eip);
        put(table, state.eflags);
        int data = run.ring() == 0 ? 0x18 : 0x2b;
        put(table, state.seg[3] == 0x2b ? data : state.seg[3]);
        put(table, state.seg[0] == 0x2b ? data : state.seg[0]);
        put(table, state.seg[4]);
        put(table, state.seg[5]);
        for (int value : test.debug) {
            put(table, value);
        }
        List<TrapCase.Expected> handled =
                test.traps.stream().filter(trap -> !trap.isOwn()).toList();
        int actions = (int) handled.stream().takeWhile(trap -> !trap.isStop()).count();
        int drafted = test.isDraft() ? DRAFT_TRAPS : 0;
        put(table, actions + drafted);
        put(table, test.patches.size() + 1);
        handled.subList(0, actions).forEach(trap -> action(table, trap.actions()));
        for (int i = 0; i < drafted; i++) {
            action(table, List.of());
        }
        patch(table, new Patch(Box.CODE, test.codeWithEnd()));
        test.patches.forEach(patch -> patch(table, patch));
    }

    /** EIP +, EFLAGS &, EFLAGS |, address, dword, 1 = clear DR6: what the driver's handler does. */
    private static void action(ByteArrayOutputStream table, List<String> words) {
        int[] action = {0, -1, 0, NEVER, 0, 0};
        for (String word : words) {
            switch (word.replaceAll("[+:].*", "")) {
                case "tf=0" -> action[1] &= ~BoxState.TF;
                case "tf=1" -> action[2] |= BoxState.TF;
                case "rf=0" -> action[1] &= ~TrapEvent.RF;
                case "rf=1" -> action[2] |= TrapEvent.RF;
                case "eip" -> action[0] = Integer.parseInt(word.substring(4), 16);
                case "present" -> {
                    int page = Integer.parseUnsignedInt(word.substring(8), 16);
                    action[3] = TABLE + (page >>> 12) * 4;
                    action[4] = page | 7;
                }
                case "dr6=clear" -> action[5] = 1;
                default -> throw new IllegalArgumentException("no such action: " + word);
            }
        }
        for (int value : action) {
            put(table, value);
        }
    }

    private static void patch(ByteArrayOutputStream table, Patch patch) {
        put(table, patch.address());
        put(table, patch.bytes().length);
        table.writeBytes(patch.bytes());
    }

    private static void put(ByteArrayOutputStream table, int value) {
        table.writeBytes(little(value));
    }

    static byte[] little(int value) {
        return new byte[] {(byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)};
    }

    static int pageBits(String protection) {
        return switch (protection) {
            case "absent" -> 6;
            case "readonly" -> 5;
            case "supervisor" -> 3;
            case "supervisor-readonly" -> 1;
            default -> throw new IllegalArgumentException("no such page protection: " + protection);
        };
    }
}
