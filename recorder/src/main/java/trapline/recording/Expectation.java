package trapline.recording;

import java.util.Arrays;
import trapline.machine.bus.PhysicalMemory;
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

    private int loaded;
    private final int[] loadedAt = new int[Trial.LOADED_BYTES_MAX];
    private final int[] loadedByte = new int[Trial.LOADED_BYTES_MAX];

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
        loaded = trial.loadedBytes();
        for (int k = 0; k < loaded; k++) {
            loadedAt[k] = trial.loadedAt(k);
            loadedByte[k] = trial.loadedByte(k);
        }
    }

    /**
     * Whether memory that the instruction loads is no longer what the trial found there: by its own stores, which are as
     * expected then, or by those of others, and then it may have loaded something else itself.
     */
    boolean loadsOtherwise(PhysicalMemory memory) {
        for (int k = 0; k < loaded; k++) {
            int now = memory.byteAt(loadedAt[k]);
            if (now != loadedByte[k] && !storesItself(loadedAt[k], now)) {
                return true;
            }
        }
        return loaded == Trial.LOADED_BYTES_MAX;
    }

    private boolean storesItself(int physical, int value) {
        for (int k = 0; k < stored; k++) {
            if (storedAt[k] == physical) {
                return storedByte[k] == value;
            }
        }
        return false;
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
