package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.machine.Scheduler;
import trapline.machine.bus.EndReason;

/** A trial says what an instruction would leave, and leaves the machine as it was. */
class TrialTest {

    private static final long SEED = Long.getLong("trapline.seed", 20261127);
    private static final int PROGRAMS = Integer.getInteger("trapline.programs", 60);
    private static final int STEPS = 60;
    private static final int RF = 1 << 16;

    /** Each instruction of random programs is tried, then executed. */
    @Test
    void saysWhatTheNextInstructionLeaves() {
        int completed = 0;
        int faulted = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            Lab lab = RandomProgramTest.lab(SEED + i);
            Trial trial = new Trial(lab.cpu);
            for (int step = 0; step < STEPS; step++) {
                int outcome = step(lab, trial, "seed " + (SEED + i) + " step " + step);
                completed += outcome > 0 ? 1 : 0;
                faulted += outcome < 0 ? 1 : 0;
            }
        }
        assertThat(completed).isGreaterThan(10 * PROGRAMS);
        assertThat(faulted).isGreaterThan(PROGRAMS / 4);
    }

    /** Returns 1 if the instruction completed, -1 if it faulted, 0 if nothing can be said of it. */
    private static int step(Lab lab, Trial trial, String which) {
        Cpu cpu = lab.cpu;
        long physical = cpu.mmu.lookUp(cpu.seg.base[Cpu.CS] + cpu.eip);
        boolean tried = physical >= 0 && lab.machine.memory().isRam((int) physical) && !cpu.attention;
        if (tried) {
            long before = lab.machine.stateDigest();
            trial.begin();
            trial.run(cpu.eip, lab.machine.memory().byteAt((int) physical), false);
            assertThat(lab.machine.stateDigest()).as(which).isEqualTo(before);
        }
        int traps = lab.traps.size();
        long count = lab.machine.step();
        EndReason ended = lab.machine.run(Scheduler.roundRobin(7), 1).reason();
        if (ended != EndReason.STEP_LIMIT || !tried || !trial.isKnown() || cpu.attention) {
            return 0;
        }
        if (trial.vector() != Trial.NO_FAULT) {
            assertThat(lab.traps).as(which).hasSizeGreaterThan(traps);
            assertThat(lab.traps.get(traps)).as(which).matches("#(" + trial.vector() + "|8) .*");
            return -1;
        }
        if (lab.traps.size() > traps || lab.machine.step() != count + 1) {
            return 0;
        }
        assertSame(lab, trial, which);
        return 1;
    }

    private static void assertSame(Lab lab, Trial trial, String which) {
        Cpu cpu = lab.cpu;
        assertThat(trial.eip()).as(which).isEqualTo(cpu.eip);
        assertThat(trial.eflags() & ~RF).as(which).isEqualTo(cpu.eflags & ~RF);
        for (int i = 0; i < 8; i++) {
            assertThat(trial.reg(i)).as("%s register %d", which, i).isEqualTo(cpu.r[i]);
        }
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            assertThat(trial.selector(s)).as("%s segment %d", which, s).isEqualTo(cpu.seg.selector[s]);
        }
        for (int k = 0; k < trial.storedBytes(); k++) {
            assertThat(trial.storedByte(k))
                    .as("%s stored byte %d", which, k)
                    .isEqualTo(lab.machine.memory().byteAt(trial.storedAt(k)));
        }
    }

    private static Trial tried(Lab lab, String hex, boolean stepping) {
        lab.program(hex);
        long before = lab.machine.stateDigest();
        Trial trial = new Trial(lab.cpu);
        trial.begin();
        trial.run(Lab.CODE, lab.machine.memory().byteAt(Lab.CODE), stepping);
        assertThat(lab.machine.stateDigest()).isEqualTo(before);
        return trial;
    }

    @Test
    void theByteUnderABreakpointIsGiven() {
        Lab lab = new Lab();
        lab.program("cc 07 00 00 00");
        Trial trial = new Trial(lab.cpu);
        trial.begin();
        trial.run(Lab.CODE, 0xb9, false);
        assertThat(trial.reg(Cpu.ECX)).isEqualTo(7);
        assertThat(trial.eip()).isEqualTo(Lab.CODE + 5);
    }

    @Test
    void aRepeatedInstructionStopsAfterOneIterationOnlyIfItIsStepped() {
        Lab lab = new Lab();
        lab.cpu.setReg(Cpu.ECX, 3);
        lab.cpu.setReg(Cpu.EDI, Lab.DATA);
        Trial one = tried(lab, "f3 aa", true);
        assertThat(one.isUnfinished()).isTrue();
        assertThat(one.storedBytes()).isEqualTo(1);
        assertThat(one.eip()).isEqualTo(Lab.CODE);
        assertThat(one.reg(Cpu.ECX)).isEqualTo(2);
        Trial all = tried(lab, "f3 aa", false);
        assertThat(all.isUnfinished()).isFalse();
        assertThat(all.storedBytes()).isEqualTo(3);
        assertThat(all.eip()).isEqualTo(Lab.CODE + 2);
    }

    @Test
    void itsReadsSeeItsStores() {
        Lab lab = new Lab();
        lab.store(Lab.DATA, 0x11);
        lab.cpu.setReg(Cpu.ECX, 3);
        lab.cpu.setReg(Cpu.ESI, Lab.DATA);
        lab.cpu.setReg(Cpu.EDI, Lab.DATA + 1);
        Trial trial = tried(lab, "f3 a4", false);
        for (int k = 0; k < 3; k++) {
            assertThat(trial.storedByte(k)).isEqualTo(0x11);
            assertThat(trial.storedLinear(k)).isEqualTo(Lab.DATA + 1 + k);
        }
    }

    @Test
    void aPageFaultAndAHiddenPageAreLeftToTheGuest() {
        Lab lab = new Lab().paging();
        lab.pageEntry(Lab.DATA, 0);
        Trial trial = tried(lab, "a1 00 00 03 00", false);
        assertThat(trial.vector()).isEqualTo(Fault.PF);
        assertThat(trial.faultAddress()).isEqualTo(Lab.DATA);
        Lab hidden = new Lab().paging();
        hidden.machine.hidePage(Lab.DATA, 1);
        assertThat(tried(hidden, "a1 00 00 03 00", false).vector()).isEqualTo(Fault.PF);
        assertThat(hidden.cpu.hiddenPages.isHidden(Lab.DATA)).isTrue();
    }

    @Test
    void whatDependsOnTheOutsideIsNotTried() {
        assertThat(tried(new Lab(), "e4 40", false).isKnown()).isFalse(); // in $0x40,%al
        assertThat(tried(new Lab(), "e7 f4", false).isKnown()).isFalse(); // out %eax,$0xf4
        assertThat(tried(new Lab(), "0f 31", false).isKnown()).isFalse(); // rdtsc
        assertThat(tried(new Lab(), "cd 80", false).isKnown()).isFalse(); // int $0x80: a gate
        Lab endless = new Lab();
        endless.cpu.setReg(Cpu.ECX, -1);
        endless.cpu.setReg(Cpu.ESI, Lab.DATA);
        assertThat(tried(endless, "f3 ac", false).isKnown()).isFalse(); // rep lods
    }
}
