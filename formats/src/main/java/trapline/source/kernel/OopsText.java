package trapline.source.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the oops in a console log, with or without printk's times and callers in front of the lines:
 *
 * <pre>
 * [   12.345678][  T123] BUG: unable to handle page fault for address: 0000000000000010
 * Oops: 0002 [#1] PREEMPT SMP
 * CPU: 1 PID: 93 Comm: dd Not tainted 6.1.0
 * RIP: 0010:vfs_read+0x2b/0x310                 EIP: vfs_read+0x2b/0x310
 * Code: 55 48 89 e5 &lt;0f&gt; 0b …
 * RSP: 0018:ffffc90000013db8 EFLAGS: 00010246
 * RAX: 0000000000000000 RBX: …
 * CR2: 0000000000000010 CR3: …
 * Call Trace:
 *  ksys_read+0x6b/0xf0
 * ---[ end trace 0000000000000000 ]---
 * </pre>
 */
public final class OopsText {

    private static final Pattern STAMP =
            Pattern.compile("^(<[0-9]+>)?(\\[ *[0-9]+\\.[0-9]+\\] ?)?(\\[ *[TC][0-9]+\\] ?)?");
    private static final Pattern HEADLINE =
            Pattern.compile("(BUG: (unable|kernel).*|general protection fault.*|invalid opcode.*"
                    + "|int3:.*|divide error.*|double fault.*|stack segment.*|kernel BUG at .*|Kernel panic - .*|Oops: .*"
                    + "|traps: PANIC: .*|PANIC: double fault.*|BUG: KASAN.*|debug: .*)");
    private static final Pattern CPU = Pattern.compile("\\bCPU: ([0-9]{1,4})\\b");
    private static final Pattern PLACE =
            Pattern.compile("\\b[RE]IP: (?:[0-9a-f]{4}:)?(?:\\[<([0-9a-f]+)>\\] )?(\\S+).*");
    private static final Pattern FLAGS = Pattern.compile("\\bEFLAGS: ([0-9a-f]{8,16})");
    private static final Pattern REGISTER = Pattern.compile(
            "\\b(?:[RE]([A-DS][XIP]|BP|SP|SI|DI)|(R[0-9]{2})|(CR2)): ?(?:[0-9a-f]{4}:)?([0-9a-f]{8,16})\\b");
    private static final Pattern CALL =
            Pattern.compile(" *(?:\\[<[0-9a-f]+>\\] )?(\\? )?([A-Za-z_][\\w.]*\\+0x[0-9a-f]+/0x[0-9a-f]+.*)");

    private static final int CALLS_MAX = 64;
    private static final int LINES_MAX = 1 << 22;

    private @Nullable String headline;
    private int vector = -1;
    private int cpu;
    private String place = "";
    private long ip;
    private long flags;
    private final Map<String, Long> registers = new LinkedHashMap<>();
    private long address;
    private String code = "";
    private final List<String> calls = new ArrayList<>();
    private boolean inTrace;
    private boolean over;

    private OopsText() {}

    /**
     * Reads a console to the end of its first oops.
     *
     * @param in lines; not closed
     * @return the oops, or null if there is none
     */
    public static @Nullable Oops read(BufferedReader in) throws IOException {
        OopsText text = new OopsText();
        String line = in.readLine();
        for (int i = 0; line != null && i < LINES_MAX && !text.over; i++) {
            text.take(STAMP.matcher(line).replaceFirst(""));
            line = in.readLine();
        }
        return text.oops();
    }

    private void take(String line) {
        if (HEADLINE.matcher(line).matches()) {
            headline(line);
        }
        if (headline == null) {
            return;
        }
        over |= line.startsWith("---[ end ");
        if (line.startsWith("Code: ") && code.isEmpty()) {
            code = line.substring("Code: ".length()).strip();
        }
        registers(line);
        if (line.startsWith("Call Trace:") || line.startsWith("Call trace:")) {
            inTrace = calls.isEmpty();
        } else if (inTrace) {
            call(line);
        }
    }

    private void headline(String line) {
        boolean first = headline == null;
        headline = first ? line : headline;
        int told = vectorOf(line.toLowerCase(Locale.ROOT));
        vector = vector < 0 ? told : vector;
    }

    private static int vectorOf(String line) {
        String[] words = {
            "page fault",
            "paging request",
            "null pointer",
            "general protection",
            "invalid opcode",
            "kernel bug at",
            "int3",
            "divide error",
            "double fault",
            "stack segment",
            "debug:"
        };
        int[] vectors = {14, 14, 14, 13, 6, 6, 3, 0, 8, 12, 1};
        for (int i = 0; i < words.length; i++) {
            if (line.contains(words[i])) {
                return vectors[i];
            }
        }
        return -1;
    }

    private void registers(String line) {
        Matcher m = CPU.matcher(line);
        if (m.find()) {
            cpu = Integer.parseInt(m.group(1));
        }
        m = PLACE.matcher(line);
        if (m.find() && place.isEmpty()) {
            place = m.group(2);
            ip = m.group(1) == null ? place.startsWith("0x") ? hex(place.substring(2)) : 0 : hex(m.group(1));
        }
        m = FLAGS.matcher(line);
        if (m.find() && flags == 0) {
            flags = hex(m.group(1));
        }
        m = REGISTER.matcher(line);
        while (m.find()) {
            register(m);
        }
    }

    private void register(Matcher m) {
        long value = hex(m.group(4));
        if (m.group(3) != null) {
            address = address == 0 ? value : address;
        } else {
            String name = m.group(1) != null ? m.group(1) : m.group(2).replaceFirst("R0", "R");
            registers.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
    }

    private void call(String line) {
        Matcher m = CALL.matcher(line);
        if (m.matches() && calls.size() < CALLS_MAX) {
            calls.add((m.group(1) == null ? "" : "? ") + m.group(2).strip());
        } else if (!line.isBlank() && !line.strip().matches("</?[A-Z]+>|\\?.*")) {
            inTrace = false;
        }
    }

    private static long hex(String digits) {
        String clean = digits.replaceAll("[^0-9a-f].*", "");
        return clean.isEmpty() || clean.length() > 16 ? 0 : Long.parseUnsignedLong(clean, 16);
    }

    private @Nullable Oops oops() {
        return headline == null
                ? null
                : new Oops(
                        headline,
                        vector,
                        cpu,
                        place,
                        ip,
                        flags,
                        Map.copyOf(registers),
                        address,
                        code,
                        List.copyOf(calls));
    }
}
