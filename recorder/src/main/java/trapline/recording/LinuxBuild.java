package trapline.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.events.Observed;
import trapline.events.SymbolTable;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.guest.Sha256;
import trapline.linux.Kallsyms;
import trapline.linux.KernelFile;
import trapline.linux.KernelObjects;
import trapline.linux.LinuxGuest;
import trapline.linux.SymbolFile;
import trapline.machine.Machine;
import trapline.machine.PcPlan;
import trapline.machine.device.SerialTalk;
import trapline.scenario.LinuxPart;
import trapline.scenario.Scenario;

/**
 * Linux as a guest: its files read, a PC made around it, and what is observed in it found where recording begins.
 *
 * @param part of the scenario
 * @param kernel its kernel
 * @param guest what is loaded
 * @param ramdisk initial RAM disk; empty for none
 * @param symbols of the kernel; empty if it has none and none are given
 * @param digests SHA-256 of each file by its name
 * @param state where the kernel is already; null: it has not been started
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes, compared by nobody.
public record LinuxBuild(
        LinuxPart part,
        KernelFile kernel,
        LinuxGuest guest,
        byte[] ramdisk,
        SymbolTable symbols,
        Map<String, String> digests,
        @Nullable BootState state) {

    private static final int RAMDISK_BYTES_MAX = 512 << 20;

    /** Where a kernel takes its first probe. */
    private static final String FIRST_PROBE = "first-probe";

    private static final String REGISTER = "register_kprobe";

    /** Reads the files of a scenario. */
    public static LinuxBuild of(LinuxPart part) throws GuestException {
        String name = String.valueOf(part.kernel().getFileName());
        KernelFile kernel = KernelFile.read(part.kernel());
        LinuxGuest guest = LinuxGuest.of(name, kernel);
        byte[] ramdisk = part.initrd() == null ? new byte[0] : bytes(part.initrd());
        Map<String, String> digests = new LinkedHashMap<>();
        digests.put(name, Sha256.hex(kernel.elf()));
        if (part.initrd() != null) {
            digests.put(String.valueOf(part.initrd().getFileName()), Sha256.hex(ramdisk));
        }
        return new LinuxBuild(part, kernel, guest, ramdisk, symbols(part, kernel), digests, null);
    }

    /** The kernel of a state. */
    static LinuxBuild of(LinuxPart part, BootState state) throws GuestException {
        KernelFile kernel = new KernelFile(null, state.elf());
        LinuxGuest guest = LinuxGuest.of(String.valueOf(part.kernel().getFileName()), kernel);
        return new LinuxBuild(part, kernel, guest, new byte[0], state.symbols(), state.digests(), state);
    }

    private static SymbolTable symbols(LinuxPart part, KernelFile kernel) throws GuestException {
        if (part.symbols() != null) {
            return SymbolFile.read(part.symbols());
        }
        boolean needed = !part.from().isEmpty() || !part.to().isEmpty();
        try {
            return Kallsyms.read(kernel.elf());
        } catch (GuestException e) {
            if (needed) {
                throw e;
            }
            return SymbolTable.EMPTY;
        }
    }

    private static byte[] bytes(Path file) throws GuestException {
        try {
            if (Files.size(file) > RAMDISK_BYTES_MAX) {
                throw new GuestException(file + ": too large for an initial RAM disk");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new GuestException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** A PC with the kernel loaded and CPU 0 at its entry. */
    Machine machine(Scenario scenario) throws GuestException {
        PcPlan plan = new PcPlan(part.clockHertz(), part.startSeconds());
        Machine machine = new Machine(scenario.memoryMib() << 20, scenario.cpus(), plan);
        if (state == null) {
            guest.load(machine, ramdisk, part.append());
        }
        if (!part.talk().isEmpty()) {
            SerialTalk talk = new SerialTalk();
            part.talk().forEach(line -> talk.add(line.expect(), line.send()));
            machine.serial().talkTo(talk);
        }
        if (state != null) {
            state.restore(machine);
        }
        return machine;
    }

    /** The kernel as any other guest, with nothing observed yet. */
    GuestImage image() {
        return new GuestImage(guest.entry(), guest.segments(), symbols, List.of(), digests);
    }

    /** Where recording begins; null: at the start. */
    @Nullable Integer from() throws GuestException {
        return place("record-from", part.from().equals(FIRST_PROBE) ? REGISTER : part.from());
    }

    /** Whether recording begins where the kernel knows of no probe yet: what is left out then is nothing that is judged. */
    boolean fromFirstProbe() {
        return part.from().equals(FIRST_PROBE);
    }

    /** Whether the kernel was left at a place, so that it need not come there. */
    boolean isAt(Machine machine, int place) {
        int cpu = Math.max(0, machine.runningCpu());
        return state != null
                && machine.step() == state.step()
                && machine.cpu(cpu).eip() == place;
    }

    /** Where recording ends; null: with the run. */
    @Nullable Integer to() throws GuestException {
        return place("record-to", part.to());
    }

    private @Nullable Integer place(String option, String text) throws GuestException {
        if (text.isEmpty()) {
            return null;
        }
        trapline.schedule.Place place = trapline.schedule.Place.parse(text);
        Integer address = place == null ? null : place.resolve(symbols);
        if (address == null) {
            throw new GuestException(
                    "--" + option + " " + text + ": no such place; it is a symbol of the kernel, a symbol"
                            + "+offset, an address, or (for --record-from) " + FIRST_PROBE);
        }
        return address;
    }

    /**
     * What is observed of the kernel in its present state.
     *
     * @param notes gets a line for each thing that could not be found
     */
    List<Observed> observed(Machine machine, List<String> notes) {
        return KernelObjects.find(machine, kernel.elf(), symbols, notes);
    }

    /** Printable text as it is; what a terminal would obey is shown, not obeyed. */
    public static String harmless(int character) {
        if (character == '\n' || character == '\t' || (character >= ' ' && character < 0x7f)) {
            return String.valueOf((char) character);
        }
        return character == '\r' ? "" : String.format("\\x%02x", character & 0xff);
    }

    /** The whole console, harmless. */
    public static String harmless(String console) {
        StringBuilder text = new StringBuilder();
        for (byte b : console.getBytes(StandardCharsets.ISO_8859_1)) {
            text.append(harmless(b & 0xff));
        }
        return text.toString();
    }
}
