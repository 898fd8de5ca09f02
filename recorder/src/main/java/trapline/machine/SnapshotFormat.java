package trapline.machine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import trapline.machine.bus.PageMarks;
import trapline.machine.bus.PageSet;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;
import trapline.machine.i386.CpuImage;

/**
 * A {@link Snapshot} as bytes. Numbers of the outer layer are big-endian.
 *
 * <pre>
 *   cpus       u32
 *   pages      u32    of RAM, 4 KiB each
 *   state      u32 length, bytes: progress, CPUs, clock and devices, hidden pages
 *   chunk      u32 first page, u32 packed length, zlib of {@link #CHUNK_PAGES} pages; only those with anything in them
 *   …
 *   end        u32 -1
 * </pre>
 */
public final class SnapshotFormat {
    private static final int CHUNK_PAGES = 256;
    private static final int CHUNK_BYTES = CHUNK_PAGES * PageMarks.PAGE_BYTES;
    private static final int PACKED_BYTES_MAX = CHUNK_BYTES + CHUNK_BYTES / 128 + 64;
    private static final int STATE_BYTES_MAX = 16 << 20;
    private static final int END = -1;

    private SnapshotFormat() {}

    /**
     * Writes a snapshot, without what was observed.
     *
     * @param machine that it is of
     */
    public static void write(Machine machine, Snapshot snapshot, DataOutputStream out) throws IOException {
        int pages = machine.memory().sizeBytes() / PageMarks.PAGE_BYTES;
        out.writeInt(machine.cpuCount());
        out.writeInt(pages);
        byte[] state = state(snapshot);
        out.writeInt(state.length);
        out.write(state);
        byte[] chunk = new byte[CHUNK_BYTES];
        byte[] packed = new byte[PACKED_BYTES_MAX];
        for (int first = 0; first < pages; first += CHUNK_PAGES) {
            int count = Math.min(CHUNK_PAGES, pages - first);
            boolean used = false;
            for (int i = 0; i < count; i++) {
                byte[] page = snapshot.pages.page(first + i);
                System.arraycopy(page, 0, chunk, i * PageMarks.PAGE_BYTES, PageMarks.PAGE_BYTES);
                used |= !PageSet.isZero(page);
            }
            if (used) {
                int bytes = count * PageMarks.PAGE_BYTES;
                int length = pack(chunk, bytes, packed);
                out.writeInt(first);
                out.writeInt(length);
                out.write(packed, 0, length);
            }
        }
        out.writeInt(END);
    }

    private static int pack(byte[] chunk, int bytes, byte[] packed) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(chunk, 0, bytes);
            deflater.finish();
            return deflater.deflate(packed);
        } finally {
            deflater.end();
        }
    }

    private static int unpack(byte[] packed, byte[] chunk) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            return inflater.inflate(chunk);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("its pages are damaged: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    private static byte[] state(Snapshot snapshot) {
        StateWriter out = new StateWriter();
        Snapshot.Progress progress = snapshot.progress;
        out.i64(progress.step()).i64(progress.repeats()).i32(progress.running()).i64(progress.quantumLeft());
        for (CpuImage cpu : snapshot.cpus) {
            cpu.save(out);
        }
        out.bytes(snapshot.devices, snapshot.devices.length);
        out.i32(snapshot.hiddenPages.size());
        snapshot.hiddenPages.forEach((page, faults) -> out.i32(page).i32(faults));
        return out.toBytes();
    }

    /**
     * Reads a snapshot.
     *
     * @param machine that is to go on from it
     * @throws IllegalArgumentException if it is not of such a machine, or damaged
     */
    public static Snapshot read(Machine machine, DataInputStream in) throws IOException {
        int pages = machine.memory().sizeBytes() / PageMarks.PAGE_BYTES;
        int cpus = in.readInt();
        int pagesThere = in.readInt();
        if (cpus != machine.cpuCount() || pagesThere != pages) {
            throw new IllegalArgumentException("it is of a machine with " + cpus + " CPUs and " + (pagesThere >> 8)
                    + " MiB, not of one with " + machine.cpuCount() + " and " + (pages >> 8));
        }
        byte[] state = bytes(in, STATE_BYTES_MAX);
        PageSet set = PageSet.zeros(pages);
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int first = in.readInt(); first != END; first = in.readInt()) {
            byte[] packed = bytes(in, PACKED_BYTES_MAX);
            if (first < 0 || first >= pages || first % CHUNK_PAGES != 0) {
                throw new IllegalArgumentException("it has pages from " + first + " on, of " + pages);
            }
            int count = Math.min(CHUNK_PAGES, pages - first);
            int length = unpack(packed, chunk);
            if (length != count * PageMarks.PAGE_BYTES) {
                throw new IllegalArgumentException("its pages from " + first + " on are " + length + " bytes");
            }
            set = set.withPages(first, chunk, count);
        }
        return snapshot(new StateReader(state), cpus, set);
    }

    private static byte[] bytes(DataInputStream in, int max) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > max) {
            throw new IllegalArgumentException("a part of it is said to be " + length + " bytes");
        }
        return in.readNBytes(length);
    }

    private static Snapshot snapshot(StateReader in, int cpus, PageSet set) {
        Snapshot.Progress progress = new Snapshot.Progress(in.i64(), in.i64(), in.i32(), in.i64());
        CpuImage[] images = new CpuImage[cpus];
        for (int i = 0; i < cpus; i++) {
            images[i] = CpuImage.load(in);
        }
        byte[] devices = in.bytes();
        Map<Integer, Integer> hidden = new HashMap<>();
        for (int left = in.i32(); left > 0; left--) {
            hidden.put(in.i32(), in.i32());
        }
        if (progress.running() < -1 || progress.running() >= cpus) {
            throw new IllegalArgumentException("CPU " + progress.running() + " runs, of " + cpus);
        }
        return new Snapshot(progress, set, images, devices, hidden, null);
    }
}
