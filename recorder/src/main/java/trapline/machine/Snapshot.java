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
    final long step;
    final long repeats;
    final int running;
    final long quantumLeft;
    final PageSet pages;
    final CpuImage[] cpus;
    /** What the clock and the devices saved. */
    final byte[] devices;

    final Map<Integer, Integer> hiddenPages;
    final int @Nullable [][] observation;

    Snapshot(
            long step,
            long repeats,
            int running,
            long quantumLeft,
            PageSet pages,
            CpuImage[] cpus,
            byte[] devices,
            Map<Integer, Integer> hiddenPages,
            int @Nullable [][] observation) {
        this.step = step;
        this.repeats = repeats;
        this.running = running;
        this.quantumLeft = quantumLeft;
        this.pages = pages;
        this.cpus = cpus;
        this.devices = devices;
        this.hiddenPages = hiddenPages;
        this.observation = observation;
    }

    /** The step at which it was captured. */
    public long step() {
        return step;
    }
}
