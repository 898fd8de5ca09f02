package trapline.machine;

import java.util.Map;
import java.util.TreeMap;

/** Linear pages that the scenario made not present, with the number of faults until each comes back. */
final class HiddenPages {
    private final Map<Integer, Integer> faultsLeft = new TreeMap<>();

    boolean isHidden(int linear) {
        return !faultsLeft.isEmpty() && faultsLeft.containsKey(linear & ~0xfff);
    }

    /** Counts a fault on a hidden page; brings the page back when it was the last one. Always true. */
    boolean count(int linear) {
        int page = linear & ~0xfff;
        Integer left = faultsLeft.get(page);
        if (left != null && left == 1) {
            faultsLeft.remove(page);
        } else if (left != null && left > 1) {
            faultsLeft.put(page, left - 1);
        }
        return true;
    }

    void hide(int linear, int faults) {
        faultsLeft.put(linear & ~0xfff, faults);
    }

    void show(int linear) {
        faultsLeft.remove(linear & ~0xfff);
    }

    Map<Integer, Integer> copy() {
        return new TreeMap<>(faultsLeft);
    }

    void set(Map<Integer, Integer> other) {
        faultsLeft.clear();
        faultsLeft.putAll(other);
    }
}
