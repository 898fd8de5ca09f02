package trapline.explore;

import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.machine.Machine;
import trapline.schedule.Action;
import trapline.schedule.Place;

/**
 * What is done to the machine at a moment: an injection, or another CPU's turn.
 *
 * @param name as on the command line
 * @param kind which
 * @param vector of an {@code irq}
 * @param place of a {@code poke}, {@code debugger} or {@code hide-page}; null otherwise
 * @param hex the bytes of a {@code poke} or {@code debugger}
 */
public record Stimulus(
        String name, Kind kind, int vector, @Nullable Place place, String hex) {

    /** The kinds. */
    public enum Kind {
        /** A non-maskable interrupt. */
        NMI,
        /** A maskable interrupt. */
        IRQ,
        /** Another CPU runs until it waits. */
        SWITCH,
        /** Bytes are stored from outside. */
        POKE,
        /** Bytes are stored by a debugger. */
        DEBUGGER,
        /** A page is not present for one fault. */
        HIDE_PAGE
    }

    /** What {@link #parse} takes, for messages and help. */
    public static final String SYNTAX =
            "nmi, irq:VECTOR, switch (or unregister: the other CPU runs until it waits), poke:PLACE=BYTES,"
                    + " debugger:PLACE=BYTES, hide-page:PLACE";

    private static final int VECTOR_MIN = 16;
    private static final int VECTOR_MAX = 255;

    /**
     * Reads one.
     *
     * @param text such as {@code nmi} or {@code irq:0x30}
     * @throws IllegalArgumentException one line: what is wrong with it
     */
    public static Stimulus parse(String text) {
        String[] parts = text.split(":", 2);
        String rest = parts.length == 2 ? parts[1] : "";
        return switch (parts[0]) {
            case "nmi" -> plain(text, Kind.NMI, rest);
            case "switch", "unregister", "disable", "register" -> plain(text, Kind.SWITCH, rest);
            case "irq" -> new Stimulus(text, Kind.IRQ, vector(text, rest), null, "");
            case "hide-page", "fault" -> new Stimulus(text, Kind.HIDE_PAGE, 0, place(text, rest), "");
            case "poke" -> stored(text, Kind.POKE, rest);
            case "debugger" -> stored(text, Kind.DEBUGGER, rest);
            default -> throw wrong(text, "there are " + SYNTAX);
        };
    }

    private static Stimulus plain(String text, Kind kind, String rest) {
        if (!rest.isEmpty()) {
            throw wrong(text, "nothing follows " + text.substring(0, text.indexOf(':')));
        }
        return new Stimulus(text, kind, 0, null, "");
    }

    private static int vector(String text, String rest) {
        try {
            int vector = Integer.decode(rest);
            if (vector >= VECTOR_MIN && vector <= VECTOR_MAX) {
                return vector;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(text, "a vector from 16 to 255 belongs behind irq:, such as irq:0x30");
    }

    private static Place place(String text, String name) {
        Place place = Place.parse(name);
        if (place == null) {
            throw wrong(text, "a place is a symbol, symbol+0x10 or an address");
        }
        return place;
    }

    private static Stimulus stored(String text, Kind kind, String rest) {
        int equals = rest.indexOf('=');
        String hex = equals < 0 ? "" : rest.substring(equals + 1);
        if (!hex.matches("([0-9a-fA-F]{2})+")) {
            throw wrong(text, "it needs PLACE=BYTES, such as probed_insn=cc");
        }
        return new Stimulus(text, kind, 0, place(text, rest.substring(0, equals)), hex);
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("--inject " + text + ": " + why);
    }

    /** Why it cannot come at this moment; empty if it can. */
    String impossible(Machine machine) {
        int running = Math.max(0, machine.runningCpu());
        if (kind == Kind.IRQ && (machine.cpu(running).eflags() & Eflags.IF) == 0) {
            return "interrupts are off: it would come when IF is set again";
        }
        if (kind == Kind.NMI && machine.cpu(running).isNmiBlocked()) {
            return "an NMI is being handled: another one waits for its IRET";
        }
        return kind == Kind.SWITCH && other(machine) < 0 ? "no other CPU could run" : "";
    }

    /** What is to be done now. */
    Action action(Machine machine) {
        int running = Math.max(0, machine.runningCpu());
        return switch (kind) {
            case NMI -> new Action.Nmi(running);
            case IRQ -> new Action.Irq(running, vector);
            case SWITCH -> new Action.SwitchTo(other(machine));
            case POKE, DEBUGGER -> new Action.Poke(target(), hex, kind == Kind.DEBUGGER);
            case HIDE_PAGE -> new Action.NotPresent(target(), 1);
        };
    }

    private Place target() {
        if (place == null) {
            throw new IllegalStateException(name + " has no place");
        }
        return place;
    }

    /** The next CPU that could run; -1 if there is none. */
    private static int other(Machine machine) {
        int running = Math.max(0, machine.runningCpu());
        for (int i = 1; i < machine.cpuCount(); i++) {
            int candidate = (running + i) % machine.cpuCount();
            if (machine.isRunnable(candidate)) {
                return candidate;
            }
        }
        return -1;
    }

    /** Reads several. */
    public static List<Stimulus> parseAll(List<String> texts) {
        return texts.stream().map(Stimulus::parse).toList();
    }
}
