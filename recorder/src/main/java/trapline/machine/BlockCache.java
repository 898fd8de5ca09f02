package trapline.machine;

import java.util.Arrays;

/** The decoded blocks of one CPU by physical address, and the contexts in which they may be chained. */
final class BlockCache {
    private static final int BUCKETS = 1 << 12;
    private static final int CONTEXTS = 8;

    private final Cpu cpu;
    private final Block[] buckets = new Block[BUCKETS];
    private final BlockBuilder builder;

    private final int[] contextBase = new int[CONTEXTS];
    private final int[] contextLimit = new int[CONTEXTS];
    private final int[] contextMode = new int[CONTEXTS];
    private final long[] contextId = new long[CONTEXTS];
    private int contextCount;
    private long lastId;

    BlockCache(Cpu cpu) {
        this.cpu = cpu;
        this.builder = new BlockBuilder(cpu);
        Arrays.fill(buckets, Block.NONE);
    }

    /** The number, shifted to the high half, of everything that instruction fetch depends on at present. */
    long contextOf() {
        int base = cpu.seg.base[Cpu.CS];
        int limit = cpu.seg.limit[Cpu.CS];
        int mode = (cpu.isCodeBig() ? 1 : 0) | (cpu.cpl == 3 ? 2 : 0) | (cpu.flat ? 4 : 0);
        for (int i = 0; i < contextCount; i++) {
            if (contextMode[i] == mode && contextBase[i] == base && contextLimit[i] == limit) {
                return contextId[i];
            }
        }
        if (contextCount == CONTEXTS) {
            contextCount = 0;
        }
        int slot = contextCount++;
        contextBase[slot] = base;
        contextLimit[slot] = limit;
        contextMode[slot] = mode;
        lastId = (lastId + (1L << 32)) & Long.MAX_VALUE;
        contextId[slot] = lastId;
        return lastId;
    }

    /** Address translation changed: no block may be entered without a lookup. */
    void forgetContexts() {
        contextCount = 0;
    }

    private static int bucketOf(int physical) {
        return (physical ^ (physical >>> 12)) & (BUCKETS - 1);
    }

    /** The block at the present CS:EIP, decoded if need be; raises the faults of instruction fetch. */
    Block find() {
        int eip = cpu.eip;
        int linear = cpu.seg.base[Cpu.CS] + eip;
        if (Integer.compareUnsigned(eip, cpu.seg.limit[Cpu.CS]) > 0) {
            throw cpu.gp(0);
        }
        int physical = cpu.mmu.translateFetch(linear);
        int bucket = bucketOf(physical);
        Block found = buckets[bucket];
        while (found != Block.NONE && !matches(found, physical, eip)) {
            found = found.bucketNext;
        }
        if (found == Block.NONE) {
            found = builder.build(physical);
            found.bucketNext = buckets[bucket];
            buckets[bucket] = found;
        }
        found.key = found.stop ? Block.NO_KEY : cpu.context | (eip & 0xffff_ffffL);
        return found;
    }

    private boolean matches(Block block, int physical, int eip) {
        return block.physical == physical
                && block.eip == eip
                && block.csBase == cpu.seg.base[Cpu.CS]
                && block.big == cpu.isCodeBig()
                && block.flat == cpu.flat
                // built when the segment was longer: a new one stops at the limit
                && Integer.compareUnsigned(block.end - 1, cpu.seg.limit[Cpu.CS]) <= 0
                && (block.physicalNext == -1 || block.physicalNext == secondPage(block));
    }

    private int secondPage(Block block) {
        return cpu.mmu.translateFetch((block.csBase + block.end - 1) & 0xffff_f000);
    }

    void remove(Block block) {
        int bucket = bucketOf(block.physical);
        Block previous = Block.NONE;
        for (Block at = buckets[bucket]; at != Block.NONE; at = at.bucketNext) {
            if (at == block) {
                if (previous == Block.NONE) {
                    buckets[bucket] = at.bucketNext;
                } else {
                    previous.bucketNext = at.bucketNext;
                }
                return;
            }
            previous = at;
        }
    }

    /** Forgets every block: stop addresses or observed functions changed. */
    void clear() {
        for (int i = 0; i < BUCKETS; i++) {
            for (Block at = buckets[i]; at != Block.NONE; at = at.bucketNext) {
                at.dead = true;
                at.key = Block.NO_KEY;
            }
            buckets[i] = Block.NONE;
        }
        contextCount = 0;
        cpu.limit = 0;
    }
}
