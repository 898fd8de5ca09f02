package trapline.source.qemu;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line that {@code record --qemu} writes between QEMU's: what its gdbstub showed while the machine stood still.
 *
 * <pre>
 * trapline watches kprobe_status current_kprobe              once, before the first of them
 * trapline kprobe_status ip=ffffffff8106ecc7 8>1             a store, by the instruction in front of ip
 * trapline eflags ip=ffffffff8106ecc9 202>246                the register changed in a window
 * trapline frame ip=ffffffff8106eb01 202>2                   the saved flags of the trap that is handled changed
 * </pre>
 *
 * @param name what changed
 * @param ip address behind the instruction that did it
 * @param old value before
 * @param now value after
 */
public record WatchLine(String name, long ip, long old, long now) {

    /** How each begins. */
    static final String PREFIX = "trapline ";

    /** How the line begins that says what is watched. */
    static final String HEADER = PREFIX + "watches ";

    /** A change of the EFLAGS register. */
    public static final String EFLAGS = "eflags";

    /** A change of the saved EFLAGS of the innermost trap. */
    public static final String FRAME = "frame";

    private static final Pattern FORM =
            Pattern.compile(PREFIX + "([A-Za-z_.0-9]+) ip=([0-9a-f]{1,16}) ([0-9a-f]{1,16})>([0-9a-f]{1,16})");

    /** The line that says what is watched. */
    public static String header(Iterable<String> names) {
        return HEADER + String.join(" ", names) + "\n";
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
