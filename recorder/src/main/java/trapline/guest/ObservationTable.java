package trapline.guest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import trapline.events.Observed;
import trapline.events.ObservedKind;

/**
 * Reads the table in which a guest declares what to observe: the section {@code .trapline}, an array of records.
 *
 * <pre>
 *   +0   address of the first object
 *   +4   size of one object in bytes; for functions their code size, or 0
 *   +8   kind: 1 kprobe_status, 2 current_kprobe, 3 watched variable, 4 function, 5 probed text, 6 struct kprobe
 *   +12  address of the name, NUL-terminated ASCII
 *   +16  stride from one CPU's object to the next; 0 for a global object
 *   +20  count of objects; object i belongs to CPU i
 * </pre>
 */
final class ObservationTable {

    static final String START = "__start_trapline";
    static final String STOP = "__stop_trapline";

    private static final ObservedKind[] KINDS = ObservedKind.values();
    private static final Set<ObservedKind> VARIABLES =
            EnumSet.of(ObservedKind.STATUS, ObservedKind.CURRENT, ObservedKind.WATCH);
    private static final int RECORD_BYTES = 24;
    private static final int RECORDS_MAX = 4096;
    private static final int NAME_BYTES_MAX = 128;
    private static final int COUNT_MAX = 256;

    private final String file;
    private final List<GuestImage.Segment> segments;

    private ObservationTable(String file, List<GuestImage.Segment> segments) {
        this.file = file;
        this.segments = segments;
    }

    static List<Observed> read(String file, List<GuestImage.Segment> segments, int start, int stop)
            throws GuestException {
        long bytes = (stop & 0xffff_ffffL) - (start & 0xffff_ffffL);
        if (bytes < 0 || bytes % RECORD_BYTES != 0 || bytes / RECORD_BYTES > RECORDS_MAX) {
            throw new GuestException(file + ": observation table (.trapline) of " + bytes
                    + " bytes; it must be at most " + RECORDS_MAX + " records of " + RECORD_BYTES);
        }
        ObservationTable table = new ObservationTable(file, segments);
        List<Observed> rows = new ArrayList<>();
        for (int i = 0; i < bytes / RECORD_BYTES; i++) {
            rows.add(table.row(i, start + i * RECORD_BYTES));
        }
        return rows;
    }

    private Observed row(int index, int at) throws GuestException {
        int kind = dword(index, at + 8);
        int size = dword(index, at + 4);
        int count = dword(index, at + 20);
        if (kind < 1 || kind > KINDS.length) {
            throw fail(index, "unknown kind " + kind);
        }
        ObservedKind observed = KINDS[kind - 1];
        boolean variable = VARIABLES.contains(observed);
        if (variable && size != 1 && size != 2 && size != 4) {
            throw fail(index, "a variable of " + size + " bytes; 1, 2 and 4 are possible");
        }
        if (count < 1 || count > COUNT_MAX || size < 0) {
            throw fail(index, count + " objects of " + size + " bytes");
        }
        return new Observed(
                observed,
                name(index, dword(index, at + 12)),
                dword(index, at) & 0xffff_ffffL,
                size,
                dword(index, at + 16),
                count);
    }

    private int dword(int index, int address) throws GuestException {
        return byteAt(index, address)
                | byteAt(index, address + 1) << 8
                | byteAt(index, address + 2) << 16
                | byteAt(index, address + 3) << 24;
    }

    private String name(int index, int address) throws GuestException {
        byte[] name = new byte[NAME_BYTES_MAX];
        for (int i = 0; i < name.length; i++) {
            int c = byteAt(index, address + i);
            if (c == 0) {
                return new String(name, 0, i, StandardCharsets.US_ASCII);
            }
            if (c < 0x20 || c > 0x7e) {
                throw fail(index, "a name that is not ASCII");
            }
            name[i] = (byte) c;
        }
        throw fail(index, "a name longer than " + NAME_BYTES_MAX + " bytes");
    }

    private int byteAt(int index, int address) throws GuestException {
        for (GuestImage.Segment segment : segments) {
            long offset = (address & 0xffff_ffffL) - (segment.address() & 0xffff_ffffL);
            if (offset >= 0 && offset < segment.memoryBytes()) {
                return offset < segment.bytes().length ? segment.bytes()[(int) offset] & 0xff : 0;
            }
        }
        throw fail(index, "address 0x" + Integer.toHexString(address) + " outside the image");
    }

    private GuestException fail(int index, String what) {
        return new GuestException(file + ": observation table (.trapline) record " + index + ": " + what);
    }
}
