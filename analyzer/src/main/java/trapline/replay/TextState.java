package trapline.replay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.TextRead;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;

/**
 * Probed text as far as its data reads and writes show it: bytes that are known, and where an int3 was written over
 * another byte.
 */
public final class TextState {

    /** The int3 instruction. */
    public static final int BREAKPOINT = 0xcc;

    private static final int BYTE = 0xff;
    private static final int BELOW_SHIFT = 8;
    private static final int KNOWN = 1 << 16;
    private static final int OVERWRITTEN = 1 << 17;
    private static final int PROBED = 1 << 18;

    /** For each address its byte, the byte below an int3, and what is known of them. */
    private AddressMap places;

    TextState() {
        this(new AddressMap());
    }

    private TextState(AddressMap places) {
        this.places = places;
    }

    TextState copy() {
        return new TextState(places.copy());
    }

    boolean sameAs(TextState other) {
        boolean[] same = {places.size() == other.places.size()};
        places.forEach((address, place) -> same[0] &= other.places.get(address) == place);
        return same[0];
    }

    void apply(Event e) {
        boolean write = e.kind() == EventKind.TEXT_WRITE;
        long address = e.value(write ? TextWrite.ADDRESS : TextRead.ADDRESS);
        long value = e.value(write ? TextWrite.NEW : TextRead.VALUE);
        long old = write ? e.value(TextWrite.OLD) : value;
        int size = (int) Math.min(8, Math.max(0, e.value(write ? TextWrite.SIZE : TextRead.SIZE)));
        for (int i = 0; i < size; i++) {
            set(address + i, (int) (old & 0xff), (int) (value & 0xff));
            old >>>= 8;
            value >>>= 8;
        }
    }

    private void set(long address, int old, int now) {
        int before = places.get(address);
        int after = (before & ~BYTE) | KNOWN | now;
        if (now != BREAKPOINT) {
            after &= PROBED | KNOWN | BYTE;
        } else if (old != BREAKPOINT) {
            after = (before & PROBED) | OVERWRITTEN | KNOWN | old << BELOW_SHIFT | now;
        }
        if (after != before) {
            places.put(address, after);
        }
    }

    void probed(long address) {
        int place = places.get(address);
        if ((place & PROBED) == 0) {
            places.put(address, place | PROBED);
        }
    }

    /** Whether a lookup has ever found a probe at an address. */
    public boolean wasProbed(long address) {
        return (places.get(address) & PROBED) != 0;
    }

    /** The byte at an address, or null while no event has shown it. */
    public @Nullable Integer byteAt(long address) {
        int place = places.get(address);
        return (place & KNOWN) != 0 ? place & BYTE : null;
    }

    /** Whether an int3 is known to have been written over another byte there. */
    public boolean armed(long address) {
        return (places.get(address) & OVERWRITTEN) != 0;
    }

    /** The byte below an int3, the byte itself where there is none, or null if it is not known. */
    public @Nullable Integer originalByteAt(long address) {
        int place = places.get(address);
        return (place & OVERWRITTEN) != 0 ? Integer.valueOf((place >>> BELOW_SHIFT) & BYTE) : byteAt(address);
    }

    /** Addresses where an int3 was written over another byte, ascending. */
    public List<Long> armed() {
        List<Long> addresses = new ArrayList<>();
        places.forEach((address, place) -> {
            if ((place & OVERWRITTEN) != 0) {
                addresses.add(address);
            }
        });
        addresses.sort(Long::compareUnsigned);
        return addresses;
    }

    /** Forgets the bytes, not who was ever probed. */
    void forget() {
        AddressMap before = places;
        places = new AddressMap();
        before.forEach((address, place) -> {
            if ((place & PROBED) != 0) {
                places.put(address, PROBED);
            }
        });
    }
}
