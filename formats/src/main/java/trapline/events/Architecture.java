package trapline.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The architecture of the CPUs that events come from. Events are the same on all: their addresses, values and flags have
 * 64 bits, of which a narrower architecture leaves the upper ones zero.
 */
public enum Architecture implements Labelled {
    /** 32 bits, compiled with regparm(3) as the kernel is. */
    I386("i386", Integer.BYTES, "ax", "dx", "cx"),
    /** 64 bits, System V calling convention. */
    X86_64("x86_64", Long.BYTES, "di", "si", "dx", "cx", "r8", "r9");

    private final String label;
    private final int wordBytes;

    @SuppressWarnings("ImmutableEnumChecker") // List.of() is immutable, which its type does not say.
    private final List<String> argumentRegisters;

    Architecture(String label, int wordBytes, String... argumentRegisters) {
        this.label = label;
        this.wordBytes = wordBytes;
        this.argumentRegisters = List.of(argumentRegisters);
    }

    @Override
    public String label() {
        return label;
    }

    /** Size of a register and of an address, in bytes. */
    public int wordBytes() {
        return wordBytes;
    }

    /** The registers with the arguments of a function, the first one first, named as in the kernel's {@code pt_regs}. */
    public List<String> argumentRegisters() {
        return argumentRegisters;
    }

    /**
     * The architecture of a label.
     *
     * @param label as in text and JSON
     * @return the architecture, or null where there is none of that name
     */
    public static @Nullable Architecture ofLabel(String label) {
        for (Architecture architecture : values()) {
            if (architecture.label.equals(label)) {
                return architecture;
            }
        }
        return null;
    }
}
