package trapline.qemu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import trapline.events.FlagCause;
import trapline.source.qemu.WatchLine;

/**
 * Follows a kernel through QEMU's gdbstub: stops at each store to a watched variable, and steps through each call of one
 * function. Where the per-CPU variables are is known when kprobes is entered for the first time; before that no int3 of a
 * probe was hit.
 */
final class WatchSession {

    private static final List<String> ENTRIES = List.of("kprobe_int3_handler", "kprobe_handler", "do_int3");

    /** A variable at its address on the only CPU. */
    private static final class Watched {
        private final String name;
        private final long address;
        private long value;

        Watched(String name, long address, long value) {
            this.name = name;
            this.address = address;
            this.value = value;
        }
    }

    private final GdbClient gdb;
    private final LogSpool log;
    private final Target target;
    private final List<Watch> watches;
    private final ToLongFunction<String> symbols;
    private final Map<Long, Watched> watched = new LinkedHashMap<>();
    private final long entry;
    private final long window;
    private boolean found;
    private long stops;

    /**
     * Prepares it.
     *
     * @param watches per-CPU variables
     * @param window function to be stepped through, or null
     * @param symbols address of a name, 0 where there is none
     */
    WatchSession(
            GdbClient gdb,
            LogSpool log,
            Target target,
            List<Watch> watches,
            @Nullable String window,
            ToLongFunction<String> symbols)
            throws QemuException {
        this.gdb = gdb;
        this.log = log;
        this.target = target;
        this.watches = watches;
        this.symbols = symbols;
        this.entry = ENTRIES.stream()
                .mapToLong(symbols)
                .filter(address -> address != 0)
                .findFirst()
                .orElse(0);
        this.window = window == null ? 0 : symbol(window);
        if (entry == 0) {
            throw new QemuException("the symbols have none of " + String.join(", ", ENTRIES));
        }
        for (Watch watch : watches) {
            symbol(watch.symbol());
        }
        symbol(OFFSETS);
    }

    private static final String OFFSETS = "__per_cpu_offset";

    private long symbol(String name) throws QemuException {
        long address = symbols.applyAsLong(name);
        if (address == 0) {
            throw new QemuException("the symbols have no " + name + "; give --symbols, such as a copy of kallsyms");
        }
        return address;
    }

    /** Lets the machine begin. */
    void begin() throws IOException {
        gdb.ask("qSupported:xmlRegisters=i386");
        gdb.ask("qXfer:features:read:target.xml:0,ffb"); // from now on it answers for single registers
        gdb.command(point('Z', entry));
        List<String> names = new ArrayList<>();
        watches.forEach(watch -> names.add(watch.name()));
        log.line(WatchLine.header(names));
        gdb.send("c");
    }

    /** Stops so far. */
    long stops() {
        return stops;
    }

    /** Looks for a stop, and handles it; false if there was none. */
    boolean step() throws IOException {
        String stop = gdb.poll();
        if (stop.isEmpty()) {
            return false;
        }
        log.take();
        stopped(stop);
        gdb.send("c");
        return true;
    }

    private void stopped(String stop) throws IOException {
        stops++;
        long ip = target.ip(gdb);
        if (!stored(stop, ip)) {
            if (ip == entry && !found) {
                find();
            }
            if (ip == window) {
                window();
            }
        }
    }

    /** Whether it stopped behind a store to a watched variable. */
    private boolean stored(String stop, long ip) throws IOException {
        int at = stop.indexOf("watch:");
        if (at < 0) {
            return false;
        }
        String address = stop.substring(at + "watch:".length()).split(";", 2)[0];
        Watched variable = watched.get(Long.parseUnsignedLong(address, 16));
        if (variable != null) {
            store(variable, ip);
        }
        return true;
    }

    private void store(Watched variable, long ip) throws IOException {
        long now = gdb.memory(variable.address, target.wordBytes());
        log.line(new WatchLine(variable.name, ip, variable.value, now).line());
        variable.value = now;
    }

    private void find() throws IOException {
        found = true;
        gdb.command(point('z', entry));
        long base = gdb.memory(symbol(OFFSETS), target.wordBytes());
        for (Watch watch : watches) {
            long address = base + symbol(watch.symbol()) + watch.offset();
            address = target.wordBytes() == Long.BYTES ? address : address & 0xffffffffL;
            watched.put(address, new Watched(watch.name(), address, gdb.memory(address, target.wordBytes())));
            gdb.command(String.format("Z2,%x,%x", address, target.wordBytes()));
        }
        if (window != 0) {
            gdb.command(point('Z', window));
        }
    }

    /** Steps through a call, from the first instruction of the function to its return. */
    private void window() throws IOException {
        gdb.command(point('z', window));
        long sp = target.sp(gdb);
        long back = gdb.memory(sp, target.wordBytes());
        long image = target.argument(gdb) + target.flagsOffset();
        long flags = target.flags(gdb);
        long saved = gdb.memory(image, target.wordBytes());
        long ip = window;
        do {
            long at = ip;
            String stop = gdb.ask("s");
            stops++;
            ip = target.ip(gdb);
            log.take();
            stored(stop, ip);
            long now = target.flags(gdb);
            if (now != flags) {
                log.line(WatchLine.ofFlags(cause(at), at, flags, now).line());
                flags = now;
            }
            now = gdb.memory(image, target.wordBytes());
            if (now != saved) {
                log.line(WatchLine.ofFlags(FlagCause.FRAME, at, saved, now).line());
                saved = now;
            }
        } while (ip != back || Long.compareUnsigned(target.sp(gdb), sp) <= 0);
        gdb.command(point('Z', window));
    }

    /** By the instruction, none of which the kernel gives a prefix. */
    private FlagCause cause(long at) throws IOException {
        return switch ((int) gdb.memory(at, 1)) {
            case 0x9d -> FlagCause.POPF;
            case 0xcf -> FlagCause.IRET;
            case 0xfa, 0xfb -> FlagCause.STI_CLI;
            case 0xfc, 0xfd -> FlagCause.CLD_STD;
            case 0xf5, 0xf8, 0xf9 -> FlagCause.CARRY;
            case 0x9e -> FlagCause.SAHF;
            default -> FlagCause.ALU;
        };
    }

    private static String point(char verb, long address) {
        return String.format("%c1,%x,1", verb, address);
    }
}
