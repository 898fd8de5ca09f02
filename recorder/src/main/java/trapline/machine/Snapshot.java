package trapline.machine;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.machine.bus.PageSet;
import trapline.machine.i386.CpuImage;

/**
 * A captured machine state, see {@link Machine#capture}. Immutable; pages that did not change between two captures are
 * shared by them.
 */
public final class Snapshot {
    /**
     * How far the run had come.
     *
     * @param step instructions retired
     * @param repeats iterations of repeated instructions
     * @param running the CPU that runs
     * @param quantumLeft steps until the scheduler is asked
     */
    record Progress(long step, long repeats, int running, long quantumLeft) {}

    final Progress progress;
    final PageSet pages;
    final CpuImage[] cpus;
    /** What the clock and the devices saved. */
    final byte[] devices;

    final Map<Integer, Integer> hiddenPages;
    final int @Nullable [][] observation;

    Snapshot(
            Progress progress,
            PageSet pages,
            CpuImage[] cpus,
            byte[] devices,
            Map<Integer, Integer> hiddenPages,
            int @Nullable [][] observation) {
        this.progress = progress;
        this.pages = pages;
        this.cpus = cpus;
        this.devices = devices;
        this.hiddenPages = hiddenPages;
        this.observation = observation;
    }

    /** The step at which it was captured. */
    public long step() {
        return progress.step;
    }
}
