package trapline.machine.i386;

import java.util.Arrays;

/** The strips of one CPU by physical address. */
final class StripCache {
    private static final int BUCKETS = 1 << 12;

    private final Cpu cpu;
    private final Strip[] buckets = new Strip[BUCKETS];
    private final StripBuilder builder;

    StripCache(Cpu cpu) {
        this.cpu = cpu;
        this.builder = new StripBuilder(cpu, this);
        Arrays.fill(buckets, Strip.NONE);
    }

    private static int bucketOf(int physical) {
        return (physical ^ (physical >>> 12)) & (BUCKETS - 1);
    }

    /** The strip at the present CS:EIP, decoded if need be; raises the faults of instruction fetch. */
    Strip find() {
        int eip = cpu.eip;
        int linear = cpu.seg.base[Cpu.CS] + eip;
        if (Integer.compareUnsigned(eip, cpu.seg.limit[Cpu.CS]) > 0) {
            throw cpu.gp(0);
        }
        int physical = cpu.mmu.translateFetch(linear);
        int bucket = bucketOf(physical);
        Strip found = buckets[bucket];
        while (found != Strip.NONE && !matches(found, physical, eip)) {
            found = found.bucketNext;
        }
        if (found == Strip.NONE) {
            found = builder.build(physical);
            found.bucketNext = buckets[bucket];
            buckets[bucket] = found;
        }
        found.key = found.stop ? Strip.NO_KEY : cpu.context | (eip & 0xffff_ffffL);
        return found;
    }

    private boolean matches(Strip strip, int physical, int eip) {
        return strip.physical == physical
                && strip.eip == eip
                && strip.csBase == cpu.seg.base[Cpu.CS]
                && strip.big == cpu.isCodeBig()
                && strip.flat == cpu.flat
                // built when the segment was longer: a new one stops at the limit
                && Integer.compareUnsigned(strip.end - 1, cpu.seg.limit[Cpu.CS]) <= 0
                && (strip.physicalNext == -1 || strip.physicalNext == secondPage(strip));
    }

    private int secondPage(Strip strip) {
        return cpu.mmu.translateFetch((strip.csBase + strip.end - 1) & 0xffff_f000);
    }

    void remove(Strip strip) {
        int bucket = bucketOf(strip.physical);
        Strip previous = Strip.NONE;
        for (Strip at = buckets[bucket]; at != Strip.NONE; at = at.bucketNext) {
            if (at == strip) {
                if (previous == Strip.NONE) {
                    buckets[bucket] = at.bucketNext;
                } else {
                    previous.bucketNext = at.bucketNext;
                }
                return;
            }
            previous = at;
        }
    }

    /** Forgets every strip: stop addresses or observed functions changed. */
    void clear() {
        for (int i = 0; i < BUCKETS; i++) {
            for (Strip at = buckets[i]; at != Strip.NONE; at = at.bucketNext) {
                at.dead = true;
                at.key = Strip.NO_KEY;
            }
            buckets[i] = Strip.NONE;
        }
        cpu.contexts.forget();
        cpu.segmentsChanged();
    }
}
