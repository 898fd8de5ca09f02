package trapline.schedule;

/** Counts the arrivals at an address that a trigger waits for. */
final class Arrivals {

    final Point point;
    final int address;
    private final int cpu;
    private final int count;
    private int left;

    Arrivals(Point point, Trigger.AtPlace trigger, int address) {
        this.point = point;
        this.address = address;
        this.cpu = trigger.cpu();
        this.count = trigger.count();
        this.left = count;
    }

    /** Takes an arrival; true exactly once, at the one that completes the count. */
    boolean completes(int atAddress, int onCpu) {
        return left > 0 && atAddress == address && (cpu < 0 || cpu == onCpu) && --left == 0;
    }

    /** How many there were. */
    int seen() {
        return count - left;
    }

    boolean isOpen() {
        return left > 0;
    }

    /** How many are waited for, for {@link #restore}. */
    int left() {
        return left;
    }

    /** Waits for so many. */
    void restore(int saved) {
        left = saved;
    }
}
