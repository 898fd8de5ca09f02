package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * How long something took: processor time where work is judged, because other programs do not count, and wall time where
 * waiting is, with room for them.
 */
public final class Effort {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long PROCESSOR_MILLIS_MAX = 5_000;
    private static final long WALL_MILLIS_MAX = 60_000;

    private final long processorStart = THREADS.getCurrentThreadCpuTime();
    private final long wallStart = System.nanoTime();

    /** Fails if it took more than a user would wait. */
    public void check(String what) {
        assertThat((THREADS.getCurrentThreadCpuTime() - processorStart) / 1_000_000)
                .as("%s: ms of processor time", what)
                .isLessThan(PROCESSOR_MILLIS_MAX);
        assertThat((System.nanoTime() - wallStart) / 1_000_000)
                .as("%s: ms", what)
                .isLessThan(WALL_MILLIS_MAX);
    }
}
