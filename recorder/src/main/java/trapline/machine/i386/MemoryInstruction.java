package trapline.machine.i386;

/** An instruction with an address: {@code segment:[base + index << scale + displacement]}. */
abstract class MemoryInstruction extends Instruction {
    /** Register numbers; 8 names the register that is always 0. */
    final int base;

    final int index2;
    final int scale;
    final int displacement;
    final int segment;
    /** 16-bit address size: offsets wrap at 64 KiB. */
    final boolean narrow;
    /** The segment is known to cover everything, an offset is a linear address. */
    final boolean plain;

    MemoryInstruction(Decoded d) {
        super(d);
        base = d.base;
        index2 = d.index;
        scale = d.scale;
        displacement = d.displacement;
        segment = d.segment;
        narrow = d.narrow;
        plain = d.flat && !d.narrow && (segment == Cpu.DS || segment == Cpu.SS || segment == Cpu.ES);
    }

    /** The offset in the segment. */
    final int offset(Cpu c) {
        int[] r = c.r;
        int sum = r[base] + (r[index2] << scale) + displacement;
        return narrow ? sum & 0xffff : sum;
    }

    final int address(Cpu c, int size, boolean write) {
        int[] r = c.r;
        int sum = r[base] + (r[index2] << scale) + displacement;
        return plain ? sum : c.seg.linear(segment, narrow ? sum & 0xffff : sum, size, write);
    }

    final int load32(Cpu c) {
        return c.mmu.read32(address(c, 4, false));
    }
}
