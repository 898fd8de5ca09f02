package trapline.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.TextRead;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;

/**
 * Probed text as far as its data reads and writes show it: bytes that are known, and where an int3 was written over
 * another byte. Reads and writes of text are rare, so this may be slow.
 */
public final class TextState {

    /** The int3 instruction. */
    public static final int BREAKPOINT = 0xcc;

    private final Map<Long, Integer> bytes = new HashMap<>();
    private final Map<Long, Integer> overwritten = new HashMap<>();
    private final Set<Long> probed = new HashSet<>();

    TextState() {}

    TextState copy() {
        TextState copy = new TextState();
        copy.bytes.putAll(bytes);
        copy.overwritten.putAll(overwritten);
        copy.probed.addAll(probed);
        return copy;
    }

    boolean sameAs(TextState other) {
        return bytes.equals(other.bytes) && overwritten.equals(other.overwritten) && probed.equals(other.probed);
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
        bytes.put(address, now);
        if (now != BREAKPOINT) {
            overwritten.remove(address);
        } else if (old != BREAKPOINT) {
            overwritten.put(address, old);
        }
    }

    void probed(long address) {
        probed.add(address);
    }

    /** Whether a lookup has ever found a probe at an address. */
    public boolean wasProbed(long address) {
        return probed.contains(address);
    }

    /** The byte at an address, or null while no event has shown it. */
    public @Nullable Integer byteAt(long address) {
        return bytes.get(address);
    }

    /** Whether an int3 is known to have been written over another byte there. */
    public boolean armed(long address) {
        return overwritten.containsKey(address);
    }

    /** The byte below an int3, the byte itself where there is none, or null if it is not known. */
    public @Nullable Integer originalByteAt(long address) {
        Integer below = overwritten.get(address);
        return below != null ? below : bytes.get(address);
    }

    /** Addresses where an int3 was written over another byte, ascending. */
    public List<Long> armed() {
        List<Long> addresses = new ArrayList<>(overwritten.keySet());
        addresses.sort(Long::compareUnsigned);
        return addresses;
    }

    void forget() {
        bytes.clear();
        overwritten.clear();
    }
}
