package trapline.recording;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.events.HitExcuse;
import trapline.events.HitHow;
import trapline.events.KprobeStatus;
import trapline.machine.Machine;
import trapline.machine.i386.Cpu;
import trapline.machine.i386.Trial;
import trapline.machine.tape.Follower;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.TrapRecord;
import trapline.replay.StateCopy;

/**
 * Follows each probe hit and compares what it leaves with what its instruction leaves when it is executed without a probe
 * ({@link Trial}). It knows where breakpoints were stored and what byte was there before; it knows nothing of slots,
 * opcodes, stepping or emulation.
 *
 * <pre>
 *   #BP at a stored breakpoint ─► IN_TRAP ──IRET──► where the instruction leads: over (emulated)
 *                                    │      └─────► its own address: over (retried)
 *              the status says that it is about to    └─► elsewhere: OUT
 *              be executed: it is tried
 *   OUT ── arrives where the instruction leads: over (boosted)
 *    │  └─ #DB, #BP, fault ─► IN_STEP_TRAP ──IRET──► over (stepped, int3_stepped, faulted)
 *    └──── two instructions and not there: over (elsewhere)
 * </pre>
 *
 * A hit begins where the pre_handlers have left it. If the handler says by its status that the instruction comes next,
 * registers are those of pt_regs at that moment; else they are the CPU's when the handler has returned.
 */
final class HitWatch implements Follower {

    private static final int VECTOR_DEBUG = 1;
    private static final int VECTOR_NMI = 2;
    private static final int VECTOR_BREAKPOINT = 3;
    private static final int VECTOR_PAGE_FAULT = 14;
    private static final int VECTORS = 32;
    private static final int BREAKPOINT = 0xcc;
    private static final int VM = 1 << 17;
    private static final int HITS_MAX = 16;
    private static final int FRAMES_MAX = 64;

    /** Bytes of pt_regs below the pushed EIP: ebx ecx edx esi edi ebp eax ds es fs [gs] orig_eax. */
    private static final int REGS_BYTES = 44;

    private static final int REGS_BYTES_WITH_GS = 48;
    /** Where pt_regs has EAX, ECX, EDX, EBX, ESP (nowhere), EBP, ESI, EDI. */
    private static final int[] REGS_OFFSET = {24, 4, 8, 0, -1, 20, 12, 16};

    /** The hits of a CPU, innermost last, and the frames that they lie in. */
    private static final class Followed {
        final Hit[] hits = new Hit[HITS_MAX];
        final int[] frames = new int[FRAMES_MAX];
        final Cpu cpu;
        final Trial trial;
        int count;
        int depth;

        Followed(Cpu cpu) {
            this.cpu = cpu;
            trial = new Trial(cpu);
            Arrays.setAll(hits, i -> new Hit());
        }
    }

    /**
     * What it knew at one moment. Immutable.
     *
     * @param followed the values of each CPU
     */
    record Memory(List<@Nullable Object[]> followed, Map<Integer, Integer> originals, int regsBytes) {}

    private final Machine machine;
    private final HitRole[] roles;
    private final HitReport report;
    private final Followed[] cpus;
    /** The bytes under stored breakpoints, by linear address. */
    private final Map<Integer, Integer> originals = new HashMap<>();
    /** Bytes of pt_regs below a frame; 0 while no handler has shown them. */
    private int regsBytes;

    HitWatch(Machine machine, HitRole[] roles, HitReport report) {
        this.machine = machine;
        this.roles = roles;
        this.report = report;
        cpus = new Followed[machine.cpuCount()];
        Arrays.setAll(cpus, i -> new Followed(machine.cpu(i)));
    }

    /** What it follows, for {@link #restore}. */
    Memory save() {
        StateCopy copy = copy();
        List<@Nullable Object[]> followed = new ArrayList<>();
        for (Followed at : cpus) {
            followed.add(copy.values(at));
        }
        return new Memory(followed, Map.copyOf(originals), regsBytes);
    }

    /** Goes back to what it followed then. */
    void restore(Memory memory) {
        StateCopy copy = copy();
        for (int i = 0; i < cpus.length; i++) {
            copy.give(cpus[i], memory.followed().get(i));
            follow(cpus[i]);
        }
        originals.clear();
        originals.putAll(memory.originals());
        regsBytes = memory.regsBytes();
    }

    /** CPUs stay who they are, and a trial leaves nothing behind. */
    private StateCopy copy() {
        StateCopy copy = new StateCopy();
        for (Followed at : cpus) {
            copy.replacing(at.cpu, at.cpu);
            copy.replacing(at.trial, at.trial);
        }
        return copy;
    }

    @Override
    public void text(int entry, int address, int size, int old, int now) {
        if (roles[entry] != HitRole.TEXT) {
            return;
        }
        for (int i = 0; i < size; i++) {
            int byteNow = (now >>> (8 * i)) & 0xff;
            int byteOld = (old >>> (8 * i)) & 0xff;
            if (byteNow != BREAKPOINT) {
                originals.remove(address + i);
            } else if (byteOld != BREAKPOINT) {
                originals.put(address + i, byteOld);
            }
        }
    }

    @Override
    public void trapEntered(int cpu, TrapRecord trap, int frame) {
        Followed at = cpus[cpu];
        Hit hit = top(at);
        if (hit != null && hit.phase == Hit.Phase.OUT && hit.level - 1 == at.depth) {
            interrupted(at.cpu, hit, trap, frame);
        } else if (hit != null && hit.isTried && isExternal(trap)) {
            hit.excuses |= HitExcuse.OTHERS_RAN;
        }
        if (at.depth == FRAMES_MAX) {
            forget(at);
        }
        at.frames[at.depth++] = frame;
        boolean fromKernel = (trap.cs & 3) == 0 && (trap.eflags & VM) == 0;
        Integer original = trap.vector == VECTOR_BREAKPOINT && fromKernel ? originals.get(trap.eip - 1) : null;
        if (original != null && at.count < HITS_MAX) {
            at.hits[at.count++].begin(at.cpu, trap, original, frame, at.depth);
        }
        follow(at);
    }

    /** A trap was taken between the return from the #BP and the end of the hit. */
    private static void interrupted(Cpu cpu, Hit hit, TrapRecord trap, int frame) {
        int vector = trap.vector;
        if (isExternal(trap)) {
            hit.excuses |= HitExcuse.OTHERS_RAN;
            return;
        }
        hit.phase = Hit.Phase.IN_STEP_TRAP;
        hit.stepFrame = frame;
        hit.stepFrameAt = trap.frameAt;
        hit.stepVector = vector;
        hit.stepAddress = cpu.cr(2);
        hit.lastEip = trap.eip;
        hit.how = vector == VECTOR_DEBUG
                ? HitHow.STEPPED
                : vector == VECTOR_BREAKPOINT ? HitHow.INT3_STEPPED : HitHow.FAULTED;
    }

    private static boolean isExternal(TrapRecord trap) {
        boolean external = trap.origin != MachineListener.ORIGIN_INSTRUCTION || trap.vector == VECTOR_NMI;
        return external && !isFault(trap.vector);
    }

    private static boolean isFault(int vector) {
        return vector != VECTOR_DEBUG && vector != VECTOR_NMI && vector != VECTOR_BREAKPOINT && vector < VECTORS;
    }

    @Override
    public void trapLeft(int number, int frame) {
        Followed at = cpus[number];
        Cpu cpu = at.cpu;
        int level = level(at, frame);
        if (level < 0) {
            return;
        }
        Hit hit = top(at);
        at.depth = level;
        while (hit != null && hit.level > level + 1) {
            drop(at);
            hit = top(at);
        }
        if (hit != null && hit.level == level + 1) {
            if (hit.phase == Hit.Phase.IN_TRAP && hit.frame == frame) {
                leftTrap(cpu, at, hit);
            } else if (hit.phase == Hit.Phase.IN_STEP_TRAP && hit.stepFrame == frame) {
                leftStepTrap(cpu, at, hit);
            }
        }
        follow(at);
    }

    private static int level(Followed at, int frame) {
        for (int level = at.depth - 1; level >= 0 && frame != 0; level--) {
            if (at.frames[level] == frame) {
                return level;
            }
        }
        return -1;
    }

    private void leftTrap(Cpu cpu, Followed at, Hit hit) {
        boolean takenOver = (hit.excuses & HitExcuse.TAKEN_OVER) != 0;
        if (hit.probe == 0) {
            drop(at);
            return;
        }
        if (!hit.isTried && !takenOver) {
            Trial trial = at.trial;
            trial.begin();
            tryOut(cpu, trial, hit);
        }
        if (takenOver) {
            end(at, cpu, hit, HitHow.ELSEWHERE);
        } else if (!hit.whole.known) {
            end(at, cpu, hit, HitHow.NOT_COMPARED);
        } else if (leadsHere(cpu, hit)) {
            compare(at, cpu, hit, HitHow.EMULATED);
        } else if (cpu.eip() == hit.address) {
            end(at, cpu, hit, HitHow.RETRIED);
        } else {
            hit.phase = Hit.Phase.OUT;
            hit.lastEip = cpu.eip();
        }
    }

    private static boolean leadsHere(Cpu cpu, Hit hit) {
        return hit.whole.vector == Trial.NO_FAULT && cpu.eip() == hit.whole.eip;
    }

    private void leftStepTrap(Cpu cpu, Followed at, Hit hit) {
        if (hit.how != HitHow.FAULTED) {
            boolean inShadow = hit.how == HitHow.STEPPED && hit.whole.shadowed;
            if (inShadow) {
                end(at, cpu, hit, HitHow.NOT_COMPARED);
            } else {
                compare(at, cpu, hit, hit.how);
            }
        } else if (cpu.eip() == hit.lastEip && cpu.eip() != hit.address && !tookItsFault(hit)) {
            // The fault was dealt with where it was taken: the copy goes on.
            hit.phase = Hit.Phase.OUT;
        } else {
            end(at, cpu, hit, HitHow.FAULTED, report.fault(cpu, hit, tookItsFault(hit)));
        }
    }

    private static boolean tookItsFault(Hit hit) {
        return hit.stepVector == hit.whole.vector
                && (hit.stepVector != VECTOR_PAGE_FAULT || hit.stepAddress == hit.whole.faultAddress);
    }

    @Override
    public void boundary(int number) {
        Followed at = cpus[number];
        Cpu cpu = at.cpu;
        Hit hit = top(at);
        if (hit == null || hit.phase != Hit.Phase.OUT || at.depth != hit.level - 1) {
            return;
        }
        if (hit.executed > 0 && leadsHere(cpu, hit)) {
            compare(at, cpu, hit, HitHow.BOOSTED);
        } else if (hit.executed >= 2) {
            compare(at, cpu, hit, HitHow.ELSEWHERE);
        } else {
            // A repeated instruction is at its place until it is done.
            hit.executed += hit.executed == 0 || cpu.eip() != hit.lastEip ? 1 : 0;
            hit.lastEip = cpu.eip();
        }
        follow(at);
    }

    @Override
    public void variable(int number, int entry, int element, int now) {
        Followed at = cpus[number];
        Cpu cpu = at.cpu;
        Hit hit = top(at);
        if (hit == null || element != cpu.id() || hit.phase != Hit.Phase.IN_TRAP || hit.level != at.depth) {
            return;
        }
        if (roles[entry] == HitRole.CURRENT && hit.probe == 0) {
            hit.probe = now & 0xffff_ffffL;
        }
        boolean comesNext = now == KprobeStatus.KPROBE_HIT_SS || now == KprobeStatus.KPROBE_REENTER;
        if (roles[entry] == HitRole.STATUS && comesNext && !hit.isTried && regsBytes != 0) {
            Trial trial = at.trial;
            trial.begin();
            int regs = hit.frameAt - regsBytes;
            for (int i = 0; i < REGS_OFFSET.length; i++) {
                trial.setReg(i, i == Cpu.ESP ? hit.esp : cpu.peek32(regs + REGS_OFFSET[i]));
            }
            tryOut(cpu, trial, hit);
        }
    }

    private void tryOut(Cpu cpu, Trial trial, Hit hit) {
        hit.isTried = true;
        hit.triedStep = machine.step();
        hit.triedIcount = cpu.icount();
        trial.setEflags(hit.eflags);
        trial.run(hit.address, hit.original, true);
        hit.iteration.take(trial, cpu, hit.selectors);
        if (trial.isUnfinished()) {
            trial.run(hit.address, hit.original, false);
        }
        hit.whole.take(trial, cpu, hit.selectors);
    }

    @Override
    public void called(int number, int entry) {
        Followed at = cpus[number];
        Cpu cpu = at.cpu;
        Hit hit = top(at);
        if (hit == null || at.depth == 0) {
            return;
        }
        learnRegs(cpu, hit);
        if (roles[entry] == HitRole.POST_HANDLER && at.frames[at.depth - 1] == trapFrame(hit)) {
            regsOf(cpu, hit, hit.beforePost);
            report.settle(hit);
        }
    }

    /** Where pt_regs begins is what a handler gets as its first or second argument. */
    private void learnRegs(Cpu cpu, Hit hit) {
        if (regsBytes != 0 || hit.phase != Hit.Phase.IN_TRAP) {
            return;
        }
        for (int register : new int[] {Cpu.EAX, Cpu.EDX}) {
            int distance = hit.frameAt - cpu.reg(register);
            if (distance == REGS_BYTES || distance == REGS_BYTES_WITH_GS) {
                regsBytes = distance;
            }
        }
    }

    @Override
    public void returned(int number, int entry) {
        Followed at = cpus[number];
        Cpu cpu = at.cpu;
        Hit hit = top(at);
        if (hit == null || at.depth == 0 || at.frames[at.depth - 1] != trapFrame(hit)) {
            return;
        }
        switch (roles[entry]) {
            case GET_KPROBE -> {
                if (hit.phase == Hit.Phase.IN_TRAP && hit.probe == 0) {
                    hit.probe = cpu.reg(Cpu.EAX) & 0xffff_ffffL;
                }
            }
            case PRE_HANDLER -> {
                if (hit.phase == Hit.Phase.IN_TRAP) {
                    hit.eflags = cpu.peek32(hit.frameAt + 8);
                    hit.excuses |= cpu.reg(Cpu.EAX) != 0 ? HitExcuse.TAKEN_OVER : 0;
                }
            }
            case POST_HANDLER -> {
                int[] now = new int[Hit.REGS];
                regsOf(cpu, hit, now);
                for (int i = 0; i < Hit.REGS; i++) {
                    hit.written |= now[i] != hit.beforePost[i] ? 1 << i : 0;
                }
            }
            default -> {
                // Other functions change nothing that counts here.
            }
        }
    }

    private static int trapFrame(Hit hit) {
        return hit.phase == Hit.Phase.IN_STEP_TRAP ? hit.stepFrame : hit.frame;
    }

    /** The words of pt_regs that a handler may write: of the trap that the hit is in. */
    private void regsOf(Cpu cpu, Hit hit, int[] into) {
        // All traps of a hit are taken with the same stack, but for what the instruction has pushed or popped.
        int frameAt = hit.phase == Hit.Phase.IN_STEP_TRAP ? hit.stepFrameAt : hit.frameAt;
        for (int i = 0; i < REGS_OFFSET.length && regsBytes != 0; i++) {
            into[i] = i == Cpu.ESP ? 0 : cpu.peek32(frameAt - regsBytes + REGS_OFFSET[i]);
        }
        into[Hit.REG_EIP] = cpu.peek32(frameAt);
        into[Hit.REG_EFLAGS] = cpu.peek32(frameAt + 8);
    }

    private void compare(Followed at, Cpu cpu, Hit hit, HitHow how) {
        boolean othersRan = machine.step() - hit.triedStep != cpu.icount() - hit.triedIcount;
        hit.excuses |= othersRan ? HitExcuse.OTHERS_RAN : 0;
        end(at, cpu, hit, how, report.compare(cpu, hit, how));
    }

    private void end(Followed at, Cpu cpu, Hit hit, HitHow how) {
        end(at, cpu, hit, how, 0);
    }

    private void end(Followed at, Cpu cpu, Hit hit, HitHow how, int differences) {
        report.end(cpu, hit, how, differences);
        drop(at);
    }

    private static void drop(Followed at) {
        at.count--;
    }

    private static @Nullable Hit top(Followed at) {
        return at.count == 0 ? null : at.hits[at.count - 1];
    }

    /** Each instruction is to be told while a hit has left its trap and the CPU is in the context that was interrupted. */
    private void follow(Followed at) {
        Hit hit = top(at);
        at.cpu.follow(hit != null && hit.phase == Hit.Phase.OUT && hit.level - 1 == at.depth);
    }

    @Override
    public void disturbed() {
        for (Followed at : cpus) {
            for (int i = 0; i < at.count; i++) {
                at.hits[i].excuses |= HitExcuse.OTHERS_RAN;
            }
        }
    }

    @Override
    public void forget() {
        for (Followed at : cpus) {
            forget(at);
        }
    }

    private void forget(Followed at) {
        at.count = 0;
        at.depth = 0;
        follow(at);
    }
}
