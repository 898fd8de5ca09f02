package trapline.linux;

import java.util.ArrayList;
import java.util.List;
import trapline.machine.bus.PhysicalMemory;

/** The table that tells a kernel its processors and interrupt wires (Intel MultiProcessor Specification 1.4, chapter 4). */
final class MpTable {
    private static final int FLOATING_POINTER = 0xf_0000;
    private static final int TABLE = 0xf_0010;
    private static final int LOCAL_APIC = 0xfee0_0000;
    private static final int IO_APIC = 0xfec0_0000;
    private static final int SIGNATURE = 0x0510;
    private static final int FEATURES = 0x201;
    private static final int ISA_IRQS = 16;

    private final int cpus;
    private final List<Integer> bytes = new ArrayList<>();

    MpTable(int cpus) {
        this.cpus = cpus;
    }

    void write(PhysicalMemory memory) {
        int count = entries();
        List<Integer> entries = new ArrayList<>(bytes);
        bytes.clear();
        text("PCMP");
        word(44 + entries.size());
        bytes.add(4);
        bytes.add(0);
        text("TRAPLINE");
        text("I386        ");
        dword(0);
        word(0);
        word(count);
        dword(LOCAL_APIC);
        dword(0);
        bytes.addAll(entries);
        memory.load(TABLE, summed(7));
        bytes.clear();
        text("_MP_");
        dword(TABLE);
        bytes.addAll(List.of(1, 4, 0, 0, 0x80, 0, 0, 0));
        memory.load(FLOATING_POINTER, summed(10));
    }

    /** Appends all entries; returns how many. */
    private int entries() {
        for (int i = 0; i < cpus; i++) {
            bytes.addAll(List.of(0, i, 0x14, i == 0 ? 3 : 1));
            dword(SIGNATURE);
            dword(FEATURES);
            dword(0);
            dword(0);
        }
        bytes.addAll(List.of(1, 0));
        text("ISA   ");
        bytes.addAll(List.of(2, cpus, 0x11, 1));
        dword(IO_APIC);
        int irqs = 0;
        for (int irq = 0; irq < ISA_IRQS; irq++) {
            if (irq != 2) {
                bytes.addAll(List.of(3, 0, 0, 0, 0, irq, cpus, irq == 0 ? 2 : irq));
                irqs++;
            }
        }
        bytes.addAll(List.of(4, 3, 0, 0, 0, 0, 0xff, 0));
        bytes.addAll(List.of(4, 1, 0, 0, 0, 0, 0xff, 1));
        return cpus + 2 + irqs + 2;
    }

    /** The bytes, with the one at {@code at} such that they sum up to 0. */
    private byte[] summed(int at) {
        byte[] result = new byte[bytes.size()];
        int sum = 0;
        for (int i = 0; i < result.length; i++) {
            result[i] = bytes.get(i).byteValue();
            sum += result[i];
        }
        result[at] = (byte) -sum;
        return result;
    }

    private void text(String characters) {
        characters.chars().forEach(bytes::add);
    }

    private void word(int value) {
        bytes.add(value & 0xff);
        bytes.add((value >>> 8) & 0xff);
    }

    private void dword(int value) {
        word(value & 0xffff);
        word(value >>> 16);
    }
}
