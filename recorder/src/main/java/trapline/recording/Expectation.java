package trapline.recording;

import java.util.Arrays;
import trapline.machine.i386.Cpu;
import trapline.machine.i386.Trial;

/** What an instruction leaves when it is executed without a probe: the result of a trial, kept. */
final class Expectation {

    private static final int SEGMENTS = 6;

    boolean known;
    int vector;
    int faultAddress;
    int eip;
    int eflags;
    boolean unfinished;
    boolean shadowed;
    final int[] r = new int[8];
    /** Selectors of the interrupted code, but for those that the instruction loads. */
    final int[] selectors = new int[SEGMENTS];

    int stored;
    private int[] storedAt = new int[32];
    private int[] storedLinear = new int[32];
    private int[] storedByte = new int[32];

    /**
     * Takes the result of a trial.
     *
     * @param cpu at which the trial began
     * @param interrupted selectors of the code that was interrupted
     */
    void take(Trial trial, Cpu cpu, int[] interrupted) {
        known = trial.isKnown();
        vector = trial.vector();
        faultAddress = trial.faultAddress();
        eip = trial.eip();
        eflags = trial.eflags();
        unfinished = trial.isUnfinished();
        shadowed = trial.isShadowed();
        for (int i = 0; i < r.length; i++) {
            r[i] = trial.reg(i);
        }
        for (int s = 0; s < SEGMENTS && known; s++) {
            boolean loaded = trial.selector(s) != cpu.selector(s);
            selectors[s] = loaded ? trial.selector(s) : interrupted[s];
        }
        takeStores(trial);
    }

    private void takeStores(Trial trial) {
        stored = trial.storedBytes();
        if (stored > storedAt.length) {
            storedAt = Arrays.copyOf(storedAt, stored);
            storedLinear = Arrays.copyOf(storedLinear, stored);
            storedByte = Arrays.copyOf(storedByte, stored);
        }
        for (int k = 0; k < stored; k++) {
            storedAt[k] = trial.storedAt(k);
            storedLinear[k] = trial.storedLinear(k);
            storedByte[k] = trial.storedByte(k);
        }
    }

    /** Physical address of a stored byte. */
    int storedAt(int k) {
        return storedAt[k];
    }

    /** Linear address of a stored byte. */
    int storedLinear(int k) {
        return storedLinear[k];
    }

    /** A stored byte, 0–255. */
    int storedByte(int k) {
        return storedByte[k];
    }

    /** The stored byte is as it should be, and what comes later is not the instruction's doing. */
    void settle(int k) {
        stored--;
        storedAt[k] = storedAt[stored];
        storedLinear[k] = storedLinear[stored];
        storedByte[k] = storedByte[stored];
    }
}
