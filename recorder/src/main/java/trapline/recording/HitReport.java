package trapline.recording;

import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.HitDifference;
import trapline.events.EventFields.HitEnd;
import trapline.events.EventKind;
import trapline.events.HitExcuse;
import trapline.events.HitHow;
import trapline.events.HitPart;
import trapline.machine.Machine;
import trapline.machine.i386.Cpu;
import trapline.machine.i386.Trial;

/** Compares a hit that is over with what its instruction leaves without a probe, and makes events of it. */
final class HitReport {

    private static final int TF = 1 << 8;
    private static final int RF = 1 << 16;
    private static final long ALL_ONES = 0xffff_ffffL;
    /** So many differences of one hit have an event each. */
    private static final int DIFFERENCES_MAX = 32;
    /** What is so near to the stack pointer is the hit's own stack: nobody else stores to it. */
    private static final int STACK_BYTES = 64;

    private static final HitPart[] PARTS = HitPart.values();

    private final Machine machine;
    private final EventConsumer out;
    private final Event ended = new Event().begin(EventKind.HIT_END, 0, 0, 0);
    private final Event difference = new Event().begin(EventKind.HIT_DIFFERENCE, 0, 0, 0);
    private int differences;

    /** What excuses every difference of the hit at hand. */
    private int excused;

    /** Makes a report; {@code out} takes the events at once. */
    HitReport(Machine machine, EventConsumer out) {
        this.machine = machine;
        this.out = out;
    }

    /** What is as it should be now is the instruction's doing; what handlers make of it later is theirs. */
    void settle(Hit hit) {
        settle(hit.whole);
        settle(hit.iteration);
    }

    private void settle(Expectation expected) {
        for (int k = expected.stored - 1; k >= 0; k--) {
            if (machine.memory().byteAt(expected.storedAt(k)) == expected.storedByte(k)) {
                expected.settle(k);
            }
        }
    }

    /** Tells each difference between the CPU and what was expected; returns how many there are. */
    int compare(Cpu cpu, Hit hit, HitHow how) {
        differences = 0;
        excused = 0;
        Expectation expected = hit.iteration.unfinished && cpu.eip() == hit.address ? hit.iteration : hit.whole;
        if (expected.vector != Trial.NO_FAULT) {
            differs(cpu, hit, HitPart.FAULT, 0, expected.vector, ALL_ONES, hit.excuses & HitExcuse.OTHERS_RAN);
            return differences;
        }
        excused = expected.loadsOtherwise(machine.memory()) ? hit.excuses & HitExcuse.OTHERS_RAN : 0;
        for (int i = Cpu.EAX; i <= Cpu.EDI; i++) {
            register(cpu, hit, PARTS[i], expected.r[i], cpu.reg(i), 1 << i);
        }
        register(cpu, hit, HitPart.IP, expected.eip, cpu.eip(), 1 << Hit.REG_EIP);
        eflags(cpu, hit, expected, how);
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            register(cpu, hit, PARTS[HitPart.ES.code() + s], expected.selectors[s], cpu.selector(s), 0);
        }
        memory(cpu, hit, expected);
        return differences;
    }

    private void eflags(Cpu cpu, Hit hit, Expectation expected, HitHow how) {
        int wanted = expected.eflags & ~RF;
        int found = cpu.eflags() & ~RF;
        boolean loadsTf = ((expected.eflags ^ hit.eflags) & TF) != 0;
        if ((wanted ^ found) == TF && loadsTf && how == HitHow.STEPPED) {
            differs(cpu, hit, HitPart.EFLAGS, 0, wanted, found, HitExcuse.STEP_USES_TF);
        } else {
            register(cpu, hit, HitPart.EFLAGS, wanted, found, 1 << Hit.REG_EFLAGS);
        }
    }

    private void register(Cpu cpu, Hit hit, HitPart part, int expected, int found, int writtenBit) {
        if (expected != found) {
            int excuse = (hit.written & writtenBit) != 0 ? HitExcuse.HANDLER_WROTE : 0;
            differs(cpu, hit, part, 0, expected, found, excuse);
        }
    }

    private void memory(Cpu cpu, Hit hit, Expectation expected) {
        for (int k = 0; k < expected.stored; k++) {
            int found = machine.memory().byteAt(expected.storedAt(k));
            if (found != expected.storedByte(k)) {
                int at = expected.storedLinear(k);
                boolean own = Math.abs(at - cpu.reg(Cpu.ESP)) < STACK_BYTES;
                int excuse = own ? 0 : hit.excuses & HitExcuse.OTHERS_RAN;
                differs(cpu, hit, HitPart.MEMORY, at, expected.storedByte(k), found, excuse);
            }
        }
    }

    /** Tells the difference between the fault that was taken and what was expected, if there is one. */
    int fault(Cpu cpu, Hit hit, boolean asExpected) {
        differences = 0;
        excused = 0;
        if (!asExpected && hit.whole.known) {
            int excuse = hit.excuses & HitExcuse.OTHERS_RAN;
            differs(cpu, hit, HitPart.FAULT, hit.stepAddress, hit.whole.vector, hit.stepVector, excuse);
        }
        return differences;
    }

    private void differs(Cpu cpu, Hit hit, HitPart part, int at, long expected, long found, int excuse) {
        if (++differences > DIFFERENCES_MAX) {
            return;
        }
        difference.again(machine.step(), cpu.id(), cpu.eip() & ALL_ONES, 0);
        out.accept(difference
                .set(HitDifference.WHAT, part.code())
                .set(HitDifference.AT, at & ALL_ONES)
                .set(HitDifference.EXPECTED, expected & ALL_ONES)
                .set(HitDifference.FOUND, found & ALL_ONES)
                .set(HitDifference.ADDRESS, hit.address & ALL_ONES)
                .set(HitDifference.PROBE, hit.probe)
                .set(HitDifference.FRAME, hit.frame)
                .set(HitDifference.EXCUSES, excuse | excused | (hit.excuses & HitExcuse.TAKEN_OVER)));
    }

    /** Tells that a hit is over. */
    void end(Cpu cpu, Hit hit, HitHow how, int found) {
        ended.again(machine.step(), cpu.id(), cpu.eip() & ALL_ONES, 0);
        out.accept(ended.set(HitEnd.ADDRESS, hit.address & ALL_ONES)
                .set(HitEnd.HOW, how.code())
                .set(HitEnd.PROBE, hit.probe)
                .set(HitEnd.FRAME, hit.frame)
                .set(HitEnd.DIFFERENCES, found)
                .set(HitEnd.EXCUSES, hit.excuses));
    }
}
