package trapline.source.qemu;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.events.FlagCause;

/**
 * A line that {@code record --qemu} writes between QEMU's: what its gdbstub showed while the machine stood still.
 *
 * <pre>
 * trapline watches kprobe_status current_kprobe              once, before the first of them
 * trapline kprobe_status ip=ffffffff8106ecc7 8>1             a store, by the instruction in front of ip
 * trapline eflags.alu ip=ffffffff8106ecc9 202>246            the register changed in a window: {@link FlagCause} behind the dot
 * trapline eflags.frame ip=ffffffff8106eb01 202>2            the saved flags of the trap that is handled changed
 * </pre>
 *
 * @param name what changed
 * @param ip address of the instruction that changed flags; behind the one that stored to a variable
 * @param old value before
 * @param now value after
 */
public record WatchLine(String name, long ip, long old, long now) {

    /** How each begins. */
    static final String PREFIX = "trapline ";

    /** How the line begins that says what is watched. */
    static final String HEADER = PREFIX + "watches ";

    private static final String EFLAGS = "eflags.";

    private static final Pattern FORM =
            Pattern.compile(PREFIX + "([A-Za-z_.0-9]+) ip=([0-9a-f]{1,16}) ([0-9a-f]{1,16})>([0-9a-f]{1,16})");

    /** The line that says what is watched. */
    public static String header(Iterable<String> names) {
        return HEADER + String.join(" ", names) + "\n";
    }

    /** A change of flags. */
    public static WatchLine ofFlags(FlagCause cause, long ip, long old, long now) {
        return new WatchLine(EFLAGS + cause.label(), ip, old, now);
    }

    /** What changed flags, or null where something else was changed. */
    @Nullable FlagCause flagCause() {
        if (name.startsWith(EFLAGS)) {
            for (FlagCause cause : FlagCause.values()) {
                if (name.endsWith(cause.label())) {
                    return cause;
                }
            }
        }
        return null;
    }

    /** The line with its end. */
    public String line() {
        return String.format(Locale.ROOT, "%s%s ip=%x %x>%x%n", PREFIX, name, ip, old, now);
    }

    static @Nullable WatchLine parse(String line) {
        Matcher m = FORM.matcher(line);
        return m.matches() ? new WatchLine(m.group(1), hex(m, 2), hex(m, 3), hex(m, 4)) : null;
    }

    private static long hex(Matcher m, int group) {
        return Long.parseUnsignedLong(m.group(group), 16);
    }
}
