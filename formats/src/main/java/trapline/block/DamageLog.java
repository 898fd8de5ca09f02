package trapline.block;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects damage, and counts it where there is too much to list. */
public final class DamageLog {

    private static final int LISTED_MAX = 1000;

    private final List<Damage> listed = new ArrayList<>();
    private int more;
    private boolean leavesOut;

    public void add(Path file, long offset, long length, String what) {
        if (listed.size() < LISTED_MAX) {
            listed.add(new Damage(file, offset, length, what));
        } else {
            more++;
        }
    }

    public void add(Path file, StoredBlock block, String what) {
        add(file, block.offset(), block.info().length(), what);
    }

    /** Damage behind which there is, or may be, something of a journal that is not read. */
    public void leftOut(Path file, long offset, long length, String what) {
        leavesOut = true;
        add(file, offset, length, what);
    }

    /** Whether anything was {@link #leftOut}: what is read is not all there is. */
    public boolean leavesOut() {
        return leavesOut;
    }

    public List<Damage> list() {
        List<Damage> all = new ArrayList<>(listed);
        if (more > 0) {
            Damage last = listed.get(listed.size() - 1);
            all.add(new Damage(last.file(), last.offset(), 0, more + " more places from here on"));
        }
        return List.copyOf(all);
    }
}
