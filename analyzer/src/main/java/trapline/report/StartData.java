package trapline.report;

import java.util.ArrayList;
import java.util.List;
import trapline.events.Observed;
import trapline.events.StreamState;

/**
 * The state of the stream at the start of a window.
 *
 * @param step step
 * @param running the CPU that runs
 * @param eflags EFLAGS of each CPU
 * @param icount instructions retired on each CPU
 * @param frames live frames of each CPU, outermost first
 * @param variables values in hexadecimal of each row's elements
 */
record StartData(
        long step,
        int running,
        List<Integer> eflags,
        List<Long> icount,
        List<List<Frame>> frames,
        List<List<String>> variables) {

    /**
     * A live trap frame.
     *
     * @param id its number in the stream
     * @param vector trap vector
     * @param ip pushed ip, hexadecimal
     * @param eflags the saved image as it is now
     */
    record Frame(long id, int vector, String ip, int eflags) {}

    static StartData of(StreamState state, List<Observed> observed) {
        List<Integer> eflags = new ArrayList<>();
        List<Long> icount = new ArrayList<>();
        List<List<Frame>> frames = new ArrayList<>();
        for (int cpu = 0; cpu < state.cpus(); cpu++) {
            eflags.add(state.eflags(cpu));
            icount.add(state.icount(cpu));
            List<Frame> live = new ArrayList<>();
            for (int level = 0; level < state.frameDepth(cpu); level++) {
                live.add(new Frame(
                        state.frameId(cpu, level),
                        state.frameVector(cpu, level),
                        Long.toHexString(state.frameIp(cpu, level)),
                        state.frameEflags(cpu, level)));
            }
            frames.add(live);
        }
        List<List<String>> variables = new ArrayList<>();
        for (int row = 0; row < observed.size(); row++) {
            List<String> elements = new ArrayList<>();
            for (int element = 0; element < Math.max(1, observed.get(row).count()); element++) {
                elements.add(Long.toHexString(state.variable(row, element)));
            }
            variables.add(elements);
        }
        return new StartData(state.step(), state.runningCpu(), eflags, icount, frames, variables);
    }
}
