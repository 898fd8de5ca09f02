package trapline.machine.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Shifts;

/**
 * RAM from physical address 0 upwards. Addresses outside read as all ones and ignore writes, as on a PC.
 *
 * <p>It knows which pages changed since the last snapshot and which dwords are marked ({@link PageMarks}).
 */
public final class PhysicalMemory {
    /** Little-endian dwords of an array of bytes. */
    public static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    /** Little-endian words of an array of bytes. */
    public static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    /** Smallest size accepted, in bytes. */
    public static final int RAM_BYTES_MIN = 1 << 20;

    private static final int RAM_BYTES_MAX = 1 << 30;
    private static final int PAGE_SHIFT = 12;
    private static final byte[] ZEROS = new byte[PageMarks.PAGE_BYTES];

    private final byte[] ram;
    private final @Nullable PageMarks[] marks;
    /** A bit for each dword of RAM: whether it is marked, for whatever reason. */
    private final long[] marked;

    /** Pages written to since the last capture or restore: as a bit, and as a list of the first {@link #dirtyCount}. */
    private final boolean[] dirty;

    private final int[] dirtyPages;
    private int dirtyCount;
    /** What the pages hold that are not dirty. */
    private PageSet clean;

    private final List<Window> windows = new ArrayList<>();
    private Runnable onNewMarks = () -> {};

    /**
     * RAM of zeros.
     *
     * @param ramBytes a multiple of 4096 between 1 MiB and 1 GiB
     */
    public PhysicalMemory(int ramBytes) {
        if (ramBytes < RAM_BYTES_MIN || ramBytes > RAM_BYTES_MAX || (ramBytes & 0xfff) != 0) {
            throw new IllegalArgumentException(
                    "RAM must be a multiple of 4096 bytes from 1 MiB to 1 GiB, not " + ramBytes);
        }
        ram = new byte[ramBytes];
        marks = new PageMarks[ramBytes >> PAGE_SHIFT];
        marked = new long[ramBytes >> PageMarks.WORD_SHIFT];
        dirty = new boolean[ramBytes >> PAGE_SHIFT];
        dirtyPages = new int[dirty.length];
        clean = new PageSet(dirty.length, ZEROS);
    }

    /** The bytes themselves, for those who have made sure of an address and of its marks. */
    public byte[] ram() {
        return ram;
    }

    /** What is called when a page has got its first marks, or the marks that reads look at: every TLB must know. */
    public void onNewMarks(Runnable action) {
        onNewMarks = action;
    }

    /** Removes all marks of a reason. */
    public void unmarkAll(int reason) {
        for (PageMarks page : marks) {
            if (page != null) {
                page.unmarkAll(reason);
            }
        }
    }

    /** Marks bytes that may lie in several pages; what is not RAM is left out. */
    public void mark(int reason, int address, int size) {
        int at = address;
        int left = size;
        while (left > 0 && isRam(at)) {
            int offset = at & 0xfff;
            int here = Math.min(left, PageMarks.PAGE_BYTES - offset);
            PageMarks page = marksFor(at);
            boolean hadText = page.hasText();
            page.mark(reason, offset, here);
            if (page.hasText() != hadText) {
                onNewMarks.run();
            }
            at += here;
            left -= here;
        }
    }

    /** Where a device answers. */
    private record Window(int first, int bytes, Device device) {
        boolean has(int address) {
            return Integer.compareUnsigned(address - first, bytes) < 0;
        }
    }

    /** Lets a device answer at addresses that are not RAM. */
    public void register(int first, int bytes, Device device) {
        windows.add(new Window(first, bytes, device));
    }

    private int loadOutside(int address, int size) {
        for (Window window : windows) {
            if (window.has(address)) {
                return window.device().read(address, size);
            }
        }
        return Shifts.mask(size);
    }

    /** Stores to an address that is not RAM. */
    public void storeOutside(int address, int size, int value) {
        for (Window window : windows) {
            if (window.has(address)) {
                window.device().write(address, size, value);
            }
        }
    }

    /** Size of RAM in bytes. */
    public int sizeBytes() {
        return ram.length;
    }

    /**
     * Loads bytes, with no event; for images, before the run.
     *
     * @throws IndexOutOfBoundsException if they do not fit in RAM
     */
    public void load(int address, byte[] bytes) {
        Objects.checkFromIndexSize(address, bytes.length, ram.length);
        for (int i = 0; i < bytes.length; i++) {
            store(address + i, 1, bytes[i]);
        }
    }

    /** The byte at a physical address, 0–255. */
    public int byteAt(int address) {
        return load(address, 1);
    }

    /** The little-endian dword at a physical address. */
    public int dword(int address) {
        return load(address, 4);
    }

    /** Whether a physical address is in RAM. */
    public boolean isRam(int address) {
        return Integer.compareUnsigned(address, ram.length) < 0;
    }

    /** Whether all bytes of an access that does not cross a page are in RAM; the size of RAM is whole pages. */
    public int load(int address, int size) {
        if (!isRam(address + size - 1) || !isRam(address)) {
            return loadOutside(address, size);
        }
        return switch (size) {
            case 1 -> ram[address] & 0xff;
            case 2 -> (short) SHORT.get(ram, address) & 0xffff;
            default -> (int) INT.get(ram, address);
        };
    }

    /** Stores without a look at marks other than decoded code, which is forgotten if hit. Within a page. */
    public void store(int address, int size, int value) {
        if (!isRam(address) || !isRam(address + size - 1)) {
            return;
        }
        setDirty(address);
        switch (size) {
            case 1 -> ram[address] = (byte) value;
            case 2 -> SHORT.set(ram, address, (short) value);
            default -> INT.set(ram, address, value);
        }
        forgetCode(address, size);
    }

    private void forgetCode(int address, int size) {
        PageMarks page = marks[address >> PAGE_SHIFT];
        if (page != null && page.has(PageMarks.CODE, address & 0xfff, size)) {
            page.killCode(address, size);
        }
    }

    /** The page of an address changes without {@link #store}. */
    public void setDirty(int address) {
        int page = address >> PAGE_SHIFT;
        if (!dirty[page]) {
            dirty[page] = true;
            dirtyPages[dirtyCount++] = page;
        }
    }

    /** Whether a store to the dword of an address in RAM needs no second look. */
    public boolean isPlainDword(int address) {
        return ((marked[address >> PageMarks.WORD_SHIFT] >>> (address >> 2)) & 1) == 0;
    }

    /** Whether observed variables, and nothing else of interest, are in the dword of an address in RAM. */
    public boolean isVariableDword(int address) {
        PageMarks page = marks[address >> PAGE_SHIFT];
        return page != null && page.isVariableDword(address & 0xfff);
    }

    /** The marks of the page of an address in RAM, if it has any. */
    public @Nullable PageMarks marksAt(int address) {
        return marks[address >> PAGE_SHIFT];
    }

    /** The marks of the page of an address in RAM; made, and known to all TLBs, if there were none. */
    public PageMarks marksFor(int address) {
        int page = address >> PAGE_SHIFT;
        PageMarks found = marks[page];
        if (found == null) {
            found = new PageMarks(marked, page);
            marks[page] = found;
            onNewMarks.run();
        }
        return found;
    }

    /** What all pages hold; costs what was written since the last time. All-zero pages are one and the same. */
    public PageSet capture() {
        byte[][] contents = new byte[dirtyCount][];
        for (int i = 0; i < dirtyCount; i++) {
            contents[i] = copyPage(dirtyPages[i]);
            dirty[dirtyPages[i]] = false;
        }
        clean = dirtyCount == 0 ? clean : clean.with(dirtyPages, dirtyCount, contents);
        dirtyCount = 0;
        return clean;
    }

    private byte[] copyPage(int page) {
        int from = page << PAGE_SHIFT;
        int end = from + PageMarks.PAGE_BYTES;
        boolean zero = true;
        for (int at = from; at < end && zero; at += 4) {
            zero = (int) INT.get(ram, at) == 0;
        }
        return zero ? ZEROS : Arrays.copyOfRange(ram, from, end);
    }

    /** Puts back what differs: the pages written to, and those in which the sets of then and now are not the same. */
    public void restore(PageSet wanted) {
        PageSet now = clean;
        clean = wanted;
        for (int i = 0; i < dirtyCount; i++) {
            dirty[dirtyPages[i]] = false;
            put(dirtyPages[i], wanted.page(dirtyPages[i]));
        }
        dirtyCount = 0;
        for (int chunk = 0; chunk < wanted.chunks() && now != wanted; chunk++) {
            if (!wanted.sharesChunk(now, chunk)) {
                restoreChunk(chunk << PageSet.CHUNK_SHIFT, wanted, now);
            }
        }
    }

    private void restoreChunk(int first, PageSet wanted, PageSet now) {
        int end = Math.min(dirty.length, first + PageSet.CHUNK_PAGES);
        for (int page = first; page < end; page++) {
            if (wanted.page(page) != now.page(page)) {
                put(page, wanted.page(page));
            }
        }
    }

    private void put(int page, byte[] content) {
        int from = page << PAGE_SHIFT;
        PageMarks found = marks[page];
        for (int at = 0; found != null && at < PageMarks.PAGE_BYTES; at += 4) {
            if (found.has(PageMarks.CODE, at, 4) && (int) INT.get(ram, from + at) != (int) INT.get(content, at)) {
                found.killCode(from + at, 4);
            }
        }
        System.arraycopy(content, 0, ram, from, PageMarks.PAGE_BYTES);
    }

    /** A hash of {@code seed} and what is in RAM. */
    public long digest(long seed) {
        long hash = seed;
        for (int at = 0; at < ram.length; at += 4) {
            int value = (int) INT.get(ram, at);
            if (value != 0) {
                hash = Hash.mix(Hash.mix(hash, at), value);
            }
        }
        return hash;
    }
}
