package trapline.source.qemu;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.TrapVector;

/**
 * What the traps of one CPU say about probe hits.
 *
 * <pre>
 * #BP at a probe                          a hit; while another one is open, a re-entry, whose handlers are suppressed
 * #BP elsewhere, #DB with DR6.BS          the end of the step of the open hit whose registers it has
 * a fault at a slot                       the step is cancelled
 * any trap                                ends open hits that it cannot be nested in
 * </pre>
 *
 * A hit that ends without a second trap was boosted or emulated. An optimised probe and one on ftrace trap nothing.
 */
final class HitDeriver {

    /** Live frames of a CPU; of deeper nesting the outermost are forgotten. */
    private static final int DEPTH_MAX = 32;

    /** An instruction changes a few registers (string operations three, CPUID four), other code most. */
    private static final int CHANGED_MAX_64 = 5;

    private static final int CHANGED_MAX_32 = 3;

    /** With interrupts enabled, which no step has, a trap is the end of one only if its registers leave no doubt. */
    private static final int CHANGED_SURELY = 2;

    private static final long DR6_BS = 1 << 14;

    private final Probes probes;
    private final HitListener listener;
    private final int cpu;
    private final OpenTrap[] open = new OpenTrap[DEPTH_MAX];
    private int depth;

    HitDeriver(int cpu, Probes probes, HitListener listener) {
        this.cpu = cpu;
        this.probes = probes;
        this.listener = listener;
        for (int i = 0; i < DEPTH_MAX; i++) {
            open[i] = new OpenTrap();
        }
    }

    /** Nothing that was open is known any more. */
    void lost() {
        depth = 0;
    }

    /** The next trap of the CPU. */
    void trap(TrapRecord trap, long frame) {
        int owner = owner(trap);
        if (owner >= 0) {
            closeAbove(owner);
            step(trap, frame, open[owner]);
        } else {
            closeOver(trap);
            other(trap, frame);
        }
    }

    private void closeAbove(int level) {
        while (depth - 1 > level) {
            close();
        }
    }

    private void closeOver(TrapRecord trap) {
        int from = depth;
        boolean underNmi = false;
        for (int level = depth - 1; level >= 0; level--) {
            if (open[level].isOver(trap, underNmi)) {
                from = level;
            } else {
                underNmi |= open[level].vector == TrapVector.NMI;
            }
        }
        closeAbove(from - 1); // what is over ends what is nested in it
    }

    private void close() {
        OpenTrap trap = open[depth - 1];
        depth--;
        Probe probe = trap.probe;
        if (probe == null) {
            listener.returned(cpu, trap);
        } else {
            probe.went(trap.mechanism);
            listener.completed(cpu, trap, probe);
        }
    }

    private OpenTrap push(TrapRecord trap, long frame) {
        if (depth == DEPTH_MAX) {
            OpenTrap oldest = open[0];
            System.arraycopy(open, 1, open, 0, DEPTH_MAX - 1);
            open[DEPTH_MAX - 1] = oldest;
            depth--;
        }
        OpenTrap entry = open[depth++];
        entry.begin(trap, frame);
        return entry;
    }

    private void other(TrapRecord trap, long frame) {
        Probe probe = trap.isKernelBreakpoint() ? probes.at(trap.ip) : null;
        OpenTrap outer = innermostHit();
        OpenTrap entry = push(trap, frame);
        listener.entered(cpu, trap, entry);
        if (probe != null) {
            entry.role = OpenTrap.Role.HIT;
            entry.probe = probe;
            entry.reentered = outer != null;
            probe.hits += entry.reentered ? 0 : 1;
            probe.missed += entry.reentered ? 1 : 0;
            listener.hit(cpu, entry, probe);
        } else if (outer != null && outer.probe != null && !outer.reentered && isFaultOfAHandler(trap)) {
            outer.probe.faults++;
        }
    }

    private static boolean isFaultOfAHandler(TrapRecord trap) {
        return !trap.isUser() && !trap.software && (trap.vector == TrapVector.PF || trap.vector == TrapVector.GP);
    }

    private @Nullable OpenTrap innermostHit() {
        int level = levelOfInnermostHit();
        return level < 0 ? null : open[level];
    }

    /** The frame of the innermost trap that has not returned; 0 where there is none. */
    long innermostFrame() {
        return depth == 0 ? 0 : open[depth - 1].frame;
    }

    private int levelOfInnermostHit() {
        int level = depth - 1;
        while (level >= 0 && open[level].role == OpenTrap.Role.OTHER) {
            level--;
        }
        return level;
    }

    /** The probe that was current before the innermost hit is seen to be current again: the hit is over. */
    void restored(long current) {
        int level = levelOfInnermostHit();
        if (level >= 0 && open[level].outer == current) {
            closeAbove(level - 1);
        }
    }

    /** The second trap of a hit, which is on top. */
    private void step(TrapRecord trap, long frame, OpenTrap hit) {
        Probe probe = Objects.requireNonNull(hit.probe);
        Probe.Mechanism mechanism = mechanism(trap);
        long slot = mechanism == Probe.Mechanism.FAULT ? trap.ip : Probes.slotBefore(trap.ip);
        probes.learn(probe, slot);
        hit.mechanism = mechanism;
        listener.stepped(cpu, hit, probe, slot);
        depth--;
        boolean reentered = hit.reentered;
        long hitFlags = hit.hitFlags;
        long outer = hit.outer;
        int outerStatus = hit.outerStatus;
        OpenTrap entry = push(trap, frame);
        entry.role = OpenTrap.Role.STEP;
        entry.probe = probe;
        entry.reentered = reentered;
        entry.hitFlags = hitFlags;
        entry.mechanism = mechanism;
        entry.outer = outer;
        entry.outerStatus = outerStatus;
        listener.entered(cpu, trap, entry);
    }

    private static Probe.Mechanism mechanism(TrapRecord trap) {
        return trap.vector == TrapVector.BP
                ? Probe.Mechanism.INT3
                : trap.vector == TrapVector.DB ? Probe.Mechanism.TF : Probe.Mechanism.FAULT;
    }

    /** The level of the hit whose step a trap ends, or -1. */
    private int owner(TrapRecord trap) {
        if (trap.cpl != 0 || depth == 0) {
            return -1;
        }
        if (trap.isKernelBreakpoint()) {
            return probes.at(trap.ip) != null || probes.isCoreText(trap.ip)
                    ? -1
                    : likeliest(trap, Probes.slotBefore(trap.ip));
        }
        if (trap.vector == TrapVector.DB && (trap.dr6 & DR6_BS) != 0 && (trap.flags & Eflags.TF) != 0) {
            return likeliest(trap, 0);
        }
        boolean fault = !trap.software && trap.vector < 32 && trap.vector != TrapVector.NMI;
        return fault && (trap.ip & Probes.SLOT_BYTES - 1) == 0 ? atSlot(trap) : -1;
    }

    /** The open hit whose registers are most like those of a trap; that of a known slot goes first. */
    private int likeliest(TrapRecord trap, long slot) {
        Probe known = slot == 0 ? null : probes.ofSlot(slot);
        int best = -1;
        int limit = trap.wide ? CHANGED_MAX_64 : CHANGED_MAX_32;
        int fewest = limit + 1;
        for (int level = depth - 1; level >= 0; level--) {
            OpenTrap hit = open[level];
            if (hit.role != OpenTrap.Role.HIT) {
                continue;
            }
            int changed = trap.differences(hit.registers);
            if (hit.probe == known && changed <= limit) {
                return level;
            }
            if (changed < fewest && (changed <= CHANGED_SURELY || (trap.flags & Eflags.IF) == 0)) {
                fewest = changed;
                best = level;
            }
        }
        return best;
    }

    private int atSlot(TrapRecord trap) {
        for (int level = depth - 1; level >= 0; level--) {
            OpenTrap hit = open[level];
            if (hit.role == OpenTrap.Role.HIT && hit.probe != null && isAtSlot(trap, hit, hit.probe)) {
                return level;
            }
        }
        return -1;
    }

    private static boolean isAtSlot(TrapRecord trap, OpenTrap hit, Probe probe) {
        boolean sameState = trap.sp == hit.sp && trap.differences(hit.registers) == 0;
        return sameState && (probe.slot == trap.ip || (probe.slot == 0 && trap.ip != hit.ip));
    }
}
