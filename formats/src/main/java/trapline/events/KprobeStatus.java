package trapline.events;

import org.jspecify.annotations.Nullable;

/** Values of kprobe_status (kernel include/linux/kprobes.h, unchanged from 2.6.9 to 6.x) and their short names. */
public final class KprobeStatus {

    public static final int KPROBE_HIT_ACTIVE = 1;
    public static final int KPROBE_HIT_SS = 2;
    public static final int KPROBE_REENTER = 4;
    public static final int KPROBE_HIT_SSDONE = 8;

    private KprobeStatus() {}

    /**
     * The short name of a status.
     *
     * @param status a value of kprobe_status
     * @return such as {@code REENTER}; hexadecimal for a value that is no status
     */
    public static String name(long status) {
        return switch ((int) Math.min(status & Long.MAX_VALUE, Integer.MAX_VALUE)) {
            case 0 -> "none";
            case KPROBE_HIT_ACTIVE -> "ACTIVE";
            case KPROBE_HIT_SS -> "SS";
            case KPROBE_REENTER -> "REENTER";
            case KPROBE_HIT_SSDONE -> "SSDONE";
            default -> Long.toHexString(status);
        };
    }

    /**
     * The status of a short name.
     *
     * @param name as made by {@link #name(long)}
     * @return the value, or null if it is no name of a status
     */
    public static @Nullable Long ofName(String name) {
        return switch (name) {
            case "none" -> 0L;
            case "ACTIVE" -> (long) KPROBE_HIT_ACTIVE;
            case "SS" -> (long) KPROBE_HIT_SS;
            case "REENTER" -> (long) KPROBE_REENTER;
            case "SSDONE" -> (long) KPROBE_HIT_SSDONE;
            default -> null;
        };
    }
}
