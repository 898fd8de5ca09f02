package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.Snapshot;
import trapline.machine.tape.Observation;
import trapline.machine.tape.Observation.Entry;
import trapline.machine.tape.Observation.Kind;

/**
 * Random bytes as programs: whatever they do, a run ends with a result, not with a Java exception; observed or not, in one go
 * or in pieces with a capture between, it ends in the same state.
 */
class RandomProgramTest {
    private static final long SEED = Long.getLong("trapline.seed", 20080102);
    private static final int PROGRAMS = Integer.getInteger("trapline.programs", 50);
    private static final int STEPS = 400;

    @Test
    void endsTheSameWayHoweverItIsRun() {
        for (int i = 0; i < PROGRAMS; i++) {
            long seed = SEED + i;
            Lab observed = lab(seed);
            observed.observe(new Observation(List.of(
                    new Entry(Kind.VARIABLE, Lab.DATA, 4, 4, 8, "v"),
                    new Entry(Kind.TEXT, Lab.CODE, 64, 0, 1, "t"),
                    new Entry(Kind.FUNCTION, Lab.CODE + 16, 0, 0, 1, "f"))));
            Lab plain = lab(seed);
            plain.machine.observe(null, Observation.NONE);
            RunResult result = plain.machine.run(Scheduler.roundRobin(7), STEPS);
            assertThat(observed.machine.run(Scheduler.roundRobin(7), STEPS))
                    .as("seed %d", seed)
                    .isEqualTo(result);
            long digest = plain.machine.stateDigest();
            assertThat(observed.machine.stateDigest()).as("seed %d", seed).isEqualTo(digest);
            assertThat(inPieces(lab(seed).machine, result)).as("seed %d", seed).isEqualTo(digest);
        }
    }

    private static long inPieces(Machine machine, RunResult whole) {
        Scheduler one = Scheduler.roundRobin(7);
        while (machine.step() + 7 < whole.step()) {
            Snapshot before = machine.capture();
            machine.run(one, 7);
            machine.restore(before);
            machine.run(one, 7);
        }
        machine.run(one, STEPS - machine.step());
        return machine.stateDigest();
    }

    /** A machine with a random program; two of one seed are equal. */
    static Lab lab(long seed) {
        Random random = new Random(seed);
        Lab lab = new Lab();
        byte[] code = new byte[256];
        random.nextBytes(code);
        for (int i = 0; i < code.length; i++) {
            // a repeated instruction is one step, and ECX may be anything
            boolean repeat = code[i] == (byte) 0xf2 || code[i] == (byte) 0xf3;
            code[i] = repeat ? (byte) 0x90 : code[i];
        }
        lab.machine.memory().load(Lab.CODE, code);
        for (int i = 0; i < 8; i++) {
            int place = random.nextInt(3) == 0 ? random.nextInt() : Lab.DATA + random.nextInt(64);
            lab.cpu.setReg(i, i == Cpu.ESP ? Lab.STACK : place);
        }
        if (random.nextBoolean()) {
            lab.paging();
        }
        if (random.nextInt(3) == 0) {
            lab.user();
        }
        lab.eflags(random.nextInt(4) == 0 ? 0x302 : 0x202);
        return lab;
    }
}
