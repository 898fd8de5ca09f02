package trapline.machine.bus;

import java.util.Map;
import java.util.TreeMap;

/** Linear pages that the scenario made not present, with the number of faults until each comes back. */
public final class HiddenPages {
    private final Map<Integer, Integer> faultsLeft = new TreeMap<>();

    /** No page is hidden. */
    public HiddenPages() {}

    /** Whether the page of a linear address is hidden. */
    public boolean isHidden(int linear) {
        return !faultsLeft.isEmpty() && faultsLeft.containsKey(linear & ~0xfff);
    }

    /** Counts a fault on a hidden page; brings the page back when it was the last one. Always true. */
    public boolean count(int linear) {
        int page = linear & ~0xfff;
        Integer left = faultsLeft.get(page);
        if (left != null && left == 1) {
            faultsLeft.remove(page);
        } else if (left != null && left > 1) {
            faultsLeft.put(page, left - 1);
        }
        return true;
    }

    /** Hides the page of an address for a number of faults, or with 0 until {@link #show}. */
    public void hide(int linear, int faults) {
        faultsLeft.put(linear & ~0xfff, faults);
    }

    /** Brings a page back. */
    public void show(int linear) {
        faultsLeft.remove(linear & ~0xfff);
    }

    /** Page to faults left, for snapshots. */
    public Map<Integer, Integer> copy() {
        return new TreeMap<>(faultsLeft);
    }

    /** Goes back to a {@link #copy}. */
    public void set(Map<Integer, Integer> other) {
        faultsLeft.clear();
        faultsLeft.putAll(other);
    }
}
