package trapline.machine.bus;

/**
 * All that a CPU sees of the machine around it. A test can make one and needs no machine.
 *
 * @param memory the RAM
 * @param io the ports
 * @param clock counts retired instructions
 * @param hiddenPages pages that fault whatever the page tables say
 * @param stops what ends a run
 */
public record Bus(PhysicalMemory memory, IoSpace io, Clock clock, HiddenPages hiddenPages, Stops stops) {}
