package trapline.qemu;

import java.util.ArrayList;
import java.util.List;

/**
 * A per-CPU variable of the kernel to be watched.
 *
 * @param name its name in the journal
 * @param symbol per-CPU symbol that holds it
 * @param offset of it in there, bytes
 */
public record Watch(String name, String symbol, long offset) {

    /** What kprobes itself keeps; the same in every kernel with these names. */
    private static final String USUAL = "kprobe_status=kprobe_ctlblk+0,current_kprobe=current_kprobe+0";

    /**
     * Reads {@code NAME=SYMBOL+OFFSET,…}.
     *
     * @param text the list; {@code kprobes} stands for the usual one
     * @throws IllegalArgumentException if it is none
     */
    public static List<Watch> parse(String text) {
        List<Watch> watches = new ArrayList<>();
        for (String part : (text.equals("kprobes") ? USUAL : text).split(",", -1)) {
            if (!part.matches("[a-z_0-9.]+=[A-Za-z_0-9.]+(\\+(0x[0-9a-f]{1,8}|[0-9]{1,8}))?")) {
                throw new IllegalArgumentException("--watch: '" + part + "' is not NAME=SYMBOL+OFFSET");
            }
            int equals = part.indexOf('=');
            int plus = part.indexOf('+');
            String symbol = part.substring(equals + 1, plus < 0 ? part.length() : plus);
            long offset = plus < 0 ? 0 : Long.decode(part.substring(plus + 1));
            watches.add(new Watch(part.substring(0, equals), symbol, offset));
        }
        return watches;
    }
}
